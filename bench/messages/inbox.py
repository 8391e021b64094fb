"""The inbox at 1,000,000 messages on 200,000 tickets: its list against the lead list's floor, and conversations."""

import json
import os
import re
import sys
from contextlib import ExitStack
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.messages import inbox_data
from bench.screens import list_page
from bench.web import FLOOR, WITHOUT_ASSISTANT, Browser, run_inside, serving
from runtime.demo import PASSWORD

DATABASE, JOBS, TENANT = "bench_inbox", int(os.environ.get("BENCH_INBOX_JOBS", "20000")), "scale-1"
ADDRESS, MANAGER = "bench@house.example", f"manager@{TENANT}.example"
DEEP = 10_000
FIFTY = "with 50 messages"
# A page's own questions; those of every page (session, member, configuration) are not counted.
OWN = re.compile(r'"(tickets|comms|jobs|people|platform_event)')
TEXTS = ("text, rep", "text, manager")
# Their promises are what plain Django reaches: docs/decisions/0007-the-bench-and-its-data.md.
LISTS = ("mine, rep", "everybody’s, rep", "mine, manager", "everybody’s, manager")


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, which is kept with the folder."""
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    run_inside(servers, DATABASE, "bench.messages.inbox", "prepare")
    inbox_data.fill(servers, DATABASE)
    servers.manage(DATABASE, "collectstatic", "--no-input", "--verbosity=0")
    pages = json.loads(run_inside(servers, DATABASE, "bench.messages.inbox", "pages"))
    with ExitStack() as stack:
        floor = Browser(stack.enter_context(serving(servers, DATABASE, FLOOR)))
        port = stack.enter_context(serving(servers, DATABASE))
        browsers: dict[str, Browser] = {}
        targets: dict[str, list_page.Target] = {}
        for name, email, path, _queries in pages:
            if email not in browsers:
                browsers[email] = Browser(port)
                browsers[email].sign_in(email, PASSWORD)
            targets[name] = (browsers[email], path)
        timings, last = list_page.bursts((floor, "/?tenant=1"), targets)
        thread = run_inside(servers, DATABASE, "bench.messages.inbox", "thread").strip()
        plain, _last = list_page.bursts((floor, thread), {FIFTY: targets[FIFTY]})
        without = Browser(stack.enter_context(serving(servers, DATABASE, WITHOUT_ASSISTANT)))
        without.sign_in(MANAGER, PASSWORD)
        assisted, seen = list_page.bursts((without, targets[FIFTY][1]), {FIFTY: targets[FIFTY]})
    counted = {name: queries for name, _email, _path, queries in pages}
    return [_figure(name, timing, len(last[name].body), counted[name]) for name, timing in timings.items()] + [
        # Fifty messages by one query and one template: a floor of as many bytes as they are.
        Figure(f"inbox: {FIFTY}, to a plain page of the same", plain[FIFTY].ratio, "×", most=2.5),
        _compare_assistant(assisted[FIFTY], len(seen[FIFTY].body)),
        *(Figure(f"search: {name}, p95", percentile(timings[name].page, 0.95), "ms", most=200) for name in TEXTS),
        Figure("own queries, most of a conversation", max(n for name, n in counted.items() if "with" in name), "", 12),
    ]


def _figure(name: str, timing: list_page.Timing, size: int, queries: int) -> Figure:
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    note = f"p50 {middle:.1f} p95 {high:.1f} ms, {size // 1000} kB, {queries} queries of its own"
    most = 1.9 if name in LISTS else None
    return Figure(f"inbox: {name}, to floor", timing.ratio, "×", most=most, note=note)


def _compare_assistant(timing: list_page.Timing, size: int) -> Figure:
    """Compare a conversation with that of a member who may not use the assistant, in the same bursts."""
    high, without = percentile(timing.page, 0.95), percentile(timing.floor, 0.95)
    note = f"p95 {high:.1f} ms, without {without:.1f} ms; p50 {timing.ratio:.2f} ×; {size // 1000} kB"
    return Figure(f"inbox: {FIFTY}, p95 to one without the assistant", high / without, "×", most=1.05, note=note)


def main() -> None:
    """Prepare or name pages, as asked. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    if sys.argv[1] == "prepare":
        with use_tenant(Tenant.objects.get(slug=TENANT)):
            _prepare()
        return
    with use_tenant(tenant := Tenant.objects.get(slug=TENANT)):
        if sys.argv[1] == "thread":
            print(_thread(tenant))
            return
        pages = _pages()
    print(json.dumps([(*page, _queries(page[1], page[2])) for page in pages]))


def _prepare() -> None:
    """The ticket and the mail that the others are copies of; once."""
    from comms.inbound import inbound_processing, inbound_storage
    from comms.models import Channel, Inbound
    from crm.platform.organization.configuration import directory
    from tickets.matching.placement import place_messages
    from tickets.models import Ticket

    if Ticket.objects.exists():
        return
    usual = {"medium": "email", "role": "support", "provider": "postmark", "address": ADDRESS}
    channel = Channel.create(by=None, brand=directory().default_brand, **usual)
    raw = f"From: Somebody <somebody@mail.example>\r\nTo: {ADDRESS}\r\nSubject: Roof\r\n\r\nIt drips.\r\n".encode()
    inbound, _new = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=channel, provider="postmark")
    read = inbound_processing.read_one(inbound.pk)
    assert read is not None, inbound
    assert read.message is not None, read.reason
    place_messages(read.message)


def _pages() -> list[tuple[str, str, str]]:
    """Name, e-mail of the one who asks, and path."""
    from crm.platform.models import Member, User
    from tickets.inbox.ticket_list import MOST_PRESSING, TICKETS
    from tickets.models import Ticket

    manager, rep = MANAGER, f"rep7@{TENANT}.example"
    base = f"/{TENANT}/tickets/"
    boss = Member.objects.get(user=User.objects.get(email=manager))
    listed = TICKETS.apply(TICKETS.filters(who="all"), boss)
    deep = min(DEEP, listed.count() // 2)
    place = MOST_PRESSING.encode(MOST_PRESSING.of(listed)[deep])
    views = {
        "mine": "",
        "everybody’s": "?who=all",
        "nobody’s": "?who=nobody",
        "waiting for us": "?who=all&waiting=1",
        "late": "?who=all&level=over",
        "closed": "?who=all&status=closed",
        f"row {deep:,}": f"?who=all&after={place}",
        "text": "?q=w499",
    }
    pages = [
        (f"{name}, {who}", email, base + query)
        for name, query in views.items()
        for who, email in (("rep", rep), ("manager", manager))
    ]
    for number, count in inbox_data.LONG.items():
        assert Ticket.objects.get(number=number).entries.count() == count
        pages.append((f"with {count} messages", manager, f"{base}{number}/"))
    return pages


def _thread(tenant: Any) -> str:
    """Name the floor's page of the fifty messages."""
    from tickets.models import Ticket

    number = next(number for number, count in inbox_data.LONG.items() if count == 50)
    return f"/thread/?tenant={tenant.pk}&ticket={Ticket.objects.get(number=number).pk}"


def _queries(email: str, path: str) -> int:
    """Queries of a warm page that are its own."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from crm.platform.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client: Any = Client()
    client.force_login(User.objects.get(email=email), settings.AUTHENTICATION_BACKENDS[0])
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    return sum(bool(OWN.search(query["sql"])) for query in captured.captured_queries)


if __name__ == "__main__":
    main()
