"""The customers' page: 200 customers at once, each of whom opens it every ten seconds while their open pages ask again.

That is far more than two hundred people do who wait for news: they open it once, and it asks every half minute.
"""

import gzip
import html
import json
import os
import re
import sys
import threading
import time

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import Browser, run_inside, serving
from crm.web.design import bundles
from crm.web.design.icons import build_sprite

DATABASE, MODULE, JOBS = "bench_portal", "bench.screens.portal", 2_000
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "200"))
# Seconds between two pages of one customer, and how often each opens theirs; the first time warms up.
EVERY, ROUNDS = 10, 4
_MARK = re.compile(rb'data-mark="([^"]{1,200})"')


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, whose customers come in first."""
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    customers = let_in(servers, DATABASE)
    taken = Taken()
    with serving(servers, DATABASE) as port:
        cookie, begin = cookie_of(port), time.perf_counter() + 1
        readers = [
            threading.Thread(
                target=_read, args=(Browser(port, {cookie: secret}), path, taken, begin + EVERY * nth / len(customers))
            )
            for nth, (path, secret) in enumerate(customers)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    return _figures(taken)


def let_in(servers: Servers, database: str, *demo: str) -> list[tuple[str, str]]:
    """Let customers in, or of a tenant of the demo who is played; returns a job's page of each, and their secret."""
    return [(path, secret) for path, secret in json.loads(run_inside(servers, database, MODULE, *demo))]


def cookie_of(port: int) -> str:
    """Return what the cookie with a customer's secret is called (portal/access/cookies.py)."""
    return f"portal_{port}_session"


class Taken:
    """Milliseconds that pages and their questions took; what the last page was."""

    def __init__(self) -> None:
        self.pages: list[float] = []
        self.questions: list[float] = []
        self.wrong: list[int] = []
        self.page = b""


def _read(browser: Browser, path: str, taken: Taken, begin: float) -> None:
    """One customer: opens the page, which asks once more what is new, and opens it again."""
    for nth in range(ROUNDS):
        time.sleep(max(0.0, begin + EVERY * nth - time.perf_counter()))
        page = browser.get(path)
        found = _MARK.search(page.body)
        mark = html.unescape(found[1].decode()) if found else ""
        asked = browser.ask("GET", f"{path}now/", None, {"If-None-Match": mark, "HX-Request": "true"})
        taken.wrong += [status for status, right in ((page.status, 200), (asked.status, 304)) if status != right]
        if nth:
            taken.pages.append(page.seconds * 1000)
            taken.questions.append(asked.seconds * 1000)
            taken.page = page.body


def _figures(taken: Taken) -> list[Figure]:
    sources = (bundles.CUSTOMER_STYLE_BUNDLE, bundles.CUSTOMER_SCRIPT_BUNDLE)
    joined = [
        bundles.JOINED[name]((ROOT / "static" / source).read_text() for source in bundles.SOURCES[name]).encode()
        for name in sources
    ]
    weight = sum(len(gzip.compress(each)) for each in (taken.page, *joined, build_sprite().encode()))
    note = f"p50 {percentile(taken.pages, 0.5):.0f} ms of {len(taken.pages)} pages"
    asked = f"p50 {percentile(taken.questions, 0.5):.0f} ms"
    return [
        Figure(
            f"a customer's page, {CUSTOMERS} at once, p95", percentile(taken.pages, 0.95), "ms", most=300, note=note
        ),
        Figure("what is new, when nothing is, p95", percentile(taken.questions, 0.95), "ms", most=300, note=asked),
        Figure("a customer's page, first load, compressed", weight, "bytes", most=60_000),
        Figure("answers that were not the page", len(taken.wrong), most=0),
    ]


def main() -> None:
    """Let customers in, and print where each looks and by which secret."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from django.test import RequestFactory

    from crm.jobs.models import Job
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant
    from portal.access import sessions
    from portal.models import PortalAccess

    let_in: list[tuple[str, str]] = []
    tenant = Tenant.objects.filter(slug__in=sys.argv[1:] or Tenant.objects.values("slug")).order_by("pk")[0]
    with use_tenant(tenant):
        # A dropped job is nobody's page.
        jobs = Job.objects.filter(person__isnull=False).exclude(state="dropped").select_related("person")
        for slug in sys.argv[1:]:
            theirs = jobs.open().filter(person__contact_points__value=f"customer@{slug}.example").order_by("-pk")
            jobs = jobs.filter(pk=next(job.pk for job in theirs if job.is_sold))
        for job in jobs.order_by("pk")[:CUSTOMERS]:
            access = PortalAccess.invite(job.person, by=None)
            _device, secret = sessions.begin_session(access, RequestFactory().get("/"))
            let_in.append((f"/my/{tenant.slug}/jobs/{job.number}/", secret))
    print(json.dumps(let_in))


if __name__ == "__main__":
    sys.exit(main())
