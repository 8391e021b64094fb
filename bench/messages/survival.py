"""What one matter, or one edit, may be too much for: 10,000 replies to one thread; a calendar under 50,000 clocks.

Nothing is lost or doubled, every due date moves and says why, and who acts on a ticket meanwhile hardly waits.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from itertools import count
from typing import Any

import django
import psycopg
from psycopg.conninfo import make_conninfo

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside
from runtime import keys

DATABASE, JOBS, ADDRESS = "bench_survival", 1000, "bench@house.example"
REPLIES = int(os.environ.get("BENCH_REPLIES", "10000"))
CLOCKS = int(os.environ.get("BENCH_CLOCKS", "50000"))
MODULE = "bench.messages.survival"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    run_inside(servers, DATABASE, MODULE, "store")
    seconds, _acts = _worked(servers)
    thread = json.loads(run_inside(servers, DATABASE, MODULE, "thread"))
    note = f"{thread['entries']:,} entries on {thread['tickets']} ticket, the last {thread['last']}"
    figures = [
        Figure(f"{REPLIES:,} replies to one thread", REPLIES / seconds, "a second", note=note),
        Figure("replies lost, doubled, or elsewhere", abs(thread["entries"] - REPLIES) + thread["tickets"] - 1, most=0),
    ]
    _copy(servers)
    alone = json.loads(run_inside(servers, DATABASE, MODULE, "alone"))
    edit = json.loads(run_inside(servers, DATABASE, MODULE, "edit"))
    seconds, acts = _worked(servers, act=True)
    clocks = json.loads(run_inside(servers, DATABASE, MODULE, "clocks"))
    servers.drop(DATABASE)
    note = f"the edit itself {edit:.2f} s; {clocks['said']:,} due dates moved, and said why"
    told = f"{len(acts)} acts, most {max(acts):.0f} ms; with nothing else, p95 {percentile(alone, 0.95):.0f} ms"
    return [
        *figures,
        Figure(f"a calendar under {CLOCKS:,} clocks", CLOCKS / seconds, "clocks a second", note=note),
        Figure("clocks that did not move, or did not say why", clocks["unmoved"] + clocks["silent"], most=0),
        Figure("an act on a ticket meanwhile, p95", percentile(acts, 0.95), "ms", most=200, note=told),
    ]


def _worked(servers: Servers, *, act: bool = False) -> tuple[float, list[float]]:
    """Seconds of one worker until nothing waits; and what acts on tickets took meanwhile, in ms."""
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", MODULE]
    begin = time.perf_counter()
    worker = subprocess.Popen([*argv, "work"], env=environment, cwd=ROOT)
    acting = subprocess.Popen([*argv, "act"], env=environment, cwd=ROOT, stdout=subprocess.PIPE) if act else None
    if worker.wait():
        raise RuntimeError("the worker failed")
    seconds, acts = time.perf_counter() - begin, [0.0]
    if acting:
        out, _err = acting.communicate(timeout=600)
        acts = json.loads(out)
    return seconds, acts


def _copy(servers: Servers) -> None:
    """Copies of the ticket and its open promises, as the superuser; only their clocks are looked at."""
    to = make_conninfo(servers.cluster.admin_url, dbname=DATABASE)
    with psycopg.connect(to) as connection:
        connection.execute("set local session_replication_role = replica; set local statement_timeout = 0")
        own = {"id": "(select max(id) from tickets_ticket) + n", "number": "100000 + n", "uid": "uuidv7()"}
        _insert(connection, "tickets_ticket", own, "(select * from tickets_ticket order by id limit 1) one")
        own = {"id": "(select max(id) from tickets_ticketclock) + n", "uid": "uuidv7()"}
        own["ticket_id"] = f"(select max(id) from tickets_ticket) - {CLOCKS} + n"
        clock = "(select * from tickets_ticketclock where due_at is not null order by id limit 1) one"
        _insert(connection, "tickets_ticketclock", own, clock)
    with psycopg.connect(to, autocommit=True) as connection:
        connection.execute("vacuum analyze tickets_ticket, tickets_ticketclock")


def _insert(connection: "psycopg.Connection[Any]", table: str, own: dict[str, str], source: str) -> None:
    columns = connection.execute(
        "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'", [table]
    ).fetchall()
    names = ", ".join(f'"{name}"' for (name,) in columns)
    values = ", ".join(own.get(name, f'one."{name}"') for (name,) in columns)
    sql = f"insert into {table} ({names}) select {values} from generate_series(1, {CLOCKS}) n, {source}"
    connection.execute(sql.encode())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant

    acts: dict[str, Callable[[Any], Iterator[Any]]] = {
        "store": _store,
        "work": _work,
        "thread": _thread,
        "edit": _edit,
        "act": _act,
        "alone": _alone,
        "clocks": _clocks,
    }
    for line in acts[sys.argv[1]](Tenant.objects.get(slug="scale-1")):
        print(json.dumps(line), flush=True)


def _store(tenant: Any) -> Iterator[Any]:
    """One mail, and answers to it, each to the one before."""
    from comms.inbound import inbound_storage
    from comms.models import Channel, Inbound
    from crm.people.models import ContactPoint
    from crm.platform.organization.configuration import directory
    from crm.platform.tenancy.context import use_tenant
    from tickets.assignment import create_rule

    with use_tenant(tenant):
        usual: dict[str, Any] = {"medium": "email", "role": "support", "provider": "postmark", "address": ADDRESS}
        channel = Channel.create(by=None, brand=directory().default_brand, **usual)
        create_rule()
        point = ContactPoint.objects.filter(kind="email").select_related("person").order_by("pk")[0]
        for number in range(REPLIES):
            mail = EmailMessage()
            mail["From"], mail["To"] = f"{point.person.name} <{point.value}>", ADDRESS
            mail["Subject"], mail["Message-ID"] = "Re: Roof" if number else "Roof", f"<{number}@mail.example>"
            if number:
                mail["In-Reply-To"] = f"<{number - 1}@mail.example>"
                mail["References"] = " ".join(f"<{n}@mail.example>" for n in range(max(0, number - 20), number))
            mail.set_content(f"The gutter drips again, number {number}.\n")
            inbound_storage.store(mail.as_bytes(), kind=Inbound.Kind.MAIL, channel=channel, provider="postmark")
    yield {}


def _work(_tenant: Any) -> Iterator[Any]:
    """A worker, until nothing waits."""
    from crm.platform.events.events import dispatch_events
    from crm.platform.work import due

    while due.run_due_work() or dispatch_events():
        pass
    yield from ()


def _thread(tenant: Any) -> Iterator[Any]:
    from crm.platform.tenancy.context import use_tenant
    from tickets.models import Entry, Ticket

    with use_tenant(tenant):
        entries = Entry.objects.filter(message__isnull=False)
        last = Ticket.objects.order_by("pk")[0].last_message_text
        yield {"entries": entries.count(), "tickets": Ticket.objects.count(), "last": last}


def _edit(tenant: Any) -> Iterator[Any]:
    """Work an hour less each day: what the page does of it, in seconds."""
    from crm.platform.models import BusinessCalendar
    from crm.platform.tenancy.context import use_tenant
    from tickets.models import Ticket

    with use_tenant(tenant):
        calendar = BusinessCalendar.objects.get(pk=Ticket.objects.order_by("-pk")[0].calendar_id)
        week = [[[begin, end - 60] for begin, end in day] for day in calendar.week]
        begin = time.perf_counter()
        calendar.change_hours(by=None, week=week)
        yield time.perf_counter() - begin


def _act(tenant: Any) -> Iterator[Any]:
    """What it takes to turn tickets that wait for their new due date, one after another, while there are any."""
    from crm.platform.models import Due

    laid = Due.objects.filter(tenant_id=tenant.pk, kind="ticket.recount")
    turn = _turning(tenant)
    next(turn)  # the first one reads the configuration
    while not laid.exists():
        time.sleep(0.05)
    times: list[float] = []
    while laid.exists():
        times.append(next(turn))
        time.sleep(0.05)
    yield times


def _alone(tenant: Any) -> Iterator[Any]:
    """The same while nothing else is done."""
    turn = _turning(tenant)
    next(turn)
    yield [next(turn) for _ in range(40)]


def _turning(tenant: Any) -> Iterator[float]:
    """Make one ticket after another more urgent; the milliseconds of each."""
    from crm.jobs.models import Priority
    from crm.platform.tenancy.context import use_tenant
    from tickets.models import Ticket

    with use_tenant(tenant):
        # Beforehand, as who acts has the conversation before them: to find one of so many is no part of the act.
        pks = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    for nth in count(1):
        begin = time.perf_counter()
        with use_tenant(tenant):
            ticket = Ticket.objects.get(pk=pks[(nth * 997) % len(pks)])
            ticket.prioritize(Priority.HIGH if ticket.priority != Priority.HIGH else Priority.NORMAL, by=None)
        yield (time.perf_counter() - begin) * 1000


def _clocks(tenant: Any) -> Iterator[Any]:
    from crm.platform.models import Event
    from crm.platform.tenancy.context import use_tenant
    from tickets.models import TicketClock

    with use_tenant(tenant):
        rows = TicketClock.objects.filter(due_at__isnull=False)
        unmoved = sum(
            row.due_at != row.hours.add(row.clock_started_at, row.allowed - row.clock_used)
            for row in rows.order_by("pk")[:: max(1, CLOCKS // 1000)]
        )
        told = Event.objects.filter(kind="ticket.clock_moved", data__cause="calendar")
        said = told.values("subject_id").distinct().count()
        # Whose priority was changed meanwhile counts by another target; it says so itself.
        other = Event.objects.filter(kind="ticket.prioritized").values("subject_id").distinct().count()
        yield {"unmoved": unmoved, "said": said, "silent": max(0, CLOCKS - said - other)}


if __name__ == "__main__":
    main()
