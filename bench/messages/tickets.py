"""From mail to ticket: read, matched, its clock started, given to a member; mails a second of two workers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from bench.web import run_inside
from runtime import keys

DATABASE, JOBS = "bench_tickets", 2000
MAILS = int(os.environ.get("BENCH_TICKET_MAILS", "1200"))
WORKERS = 2
ADDRESS = "bench@house.example"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own: mails are stored first, then two workers read and place them."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    run_inside(servers, DATABASE, "bench.messages.tickets", "prepare")
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", "bench.messages.tickets", "work"]
    workers = [
        subprocess.Popen(argv, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    begin = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
    codes = [worker.wait(timeout=600) for worker in workers]
    if any(codes):
        raise RuntimeError("a worker failed")
    seconds = time.perf_counter() - begin
    told = json.loads(run_inside(servers, DATABASE, "bench.messages.tickets", "count"))
    servers.drop(DATABASE)
    note = f"{MAILS:,} mails, {told['tickets']:,} tickets, {told['assigned']:,} with a member, {WORKERS} workers"
    return [Figure("mails to their tickets", MAILS / seconds, "a second", least=40, note=note)]


def _mail(number: int, senders: list[str]) -> bytes:
    """Every third mail answers the one before it; the others begin a ticket."""
    mail, answers = EmailMessage(), number % 3 == 2
    mail["From"], mail["To"] = senders[(number - answers) % len(senders)], ADDRESS
    mail["Subject"] = f"{'Re: ' if answers else ''}Roof {number - answers}"
    mail["Message-ID"] = f"<{number}@mail.example>"
    if answers:
        mail["In-Reply-To"] = f"<{number - 1}@mail.example>"
    mail.set_content(f"Hello,\n\nthe gutter drips again, number {number}.\n")
    return mail.as_bytes()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    acts: dict[str, Callable[[], Iterator[Any]]] = {"prepare": _prepare, "work": _work, "count": _count}
    for line in acts[sys.argv[1]]():
        print(json.dumps(line), flush=True)


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug="scale-1")


def _prepare() -> Iterator[Any]:
    from comms.inbound import inbound_storage
    from comms.models import Channel, Inbound
    from crm.people.models import ContactPoint
    from crm.platform.organization.configuration import directory
    from crm.platform.tenancy.context import use_tenant
    from tickets.assignment import create_rule

    with use_tenant(_tenant()):
        brand = directory().default_brand
        usual = {"medium": "email", "role": "support", "provider": "postmark", "address": ADDRESS}
        channel = Channel.create(by=None, brand=brand, **usual)
        create_rule()
        points = ContactPoint.objects.filter(kind="email").select_related("person").order_by("pk")[:200]
        senders = [f"{point.person.name} <{point.value}>" for point in points]
        for number in range(MAILS):
            inbound_storage.store(_mail(number, senders), kind=Inbound.Kind.MAIL, channel=channel, provider="postmark")
    yield {}


def _work() -> Iterator[Any]:
    """A worker, for as long as it takes until all is read and placed."""
    from comms.models import Message
    from crm.platform.events.event import Undispatched
    from crm.platform.events.events import dispatch_events
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    tenant = _tenant()
    yield "ready"
    sys.stdin.read()
    while True:
        if due.run_due_work() or dispatch_events():
            continue
        with use_tenant(tenant):
            if Message.objects.count() >= MAILS and not Undispatched.objects.filter(tenant_id=tenant.pk).exists():
                return
        time.sleep(0.01)


def _count() -> Iterator[Any]:
    from crm.platform.tenancy.context import use_tenant
    from tickets.models import Ticket

    with use_tenant(_tenant()):
        yield {"tickets": Ticket.objects.count(), "assigned": Ticket.objects.filter(member__isnull=False).count()}


if __name__ == "__main__":
    main()
