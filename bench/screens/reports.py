"""The reports of a big tenant, and how fast the figures of a day with 100,000 events are brought up to date."""

import json
import os
import sys
import time

import django
import psycopg

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import Browser, run_inside, serving
from runtime.demo import PASSWORD
from runtime.servers import logins

TENANT = "scale-1"
EVENTS = 100_000
# What the events of a day are about, in turn.
KINDS = ("job.moved", "job.assigned", "job.moved", "job.contacted", "job.corrected")
ROUNDS, COLD = 40, 3
PAGES = {
    "dashboard of 30 days": "reports/",
    "dashboard of 7 days": "reports/?days=7",
    "dashboard of a year": "reports/?days=365",
    "past day, yesterday": "reports/past-day/",
    "sources of 90 days": "reports/sources/?period=90",
    "sources of a year": "reports/sources/?period=year",
}


def measure(servers: Servers, big: str) -> list[Figure]:
    """The figures of very many events, then the pages in turn with each other."""
    told = json.loads(run_inside(servers, big, "bench.screens.reports", TENANT))
    figures = [
        Figure(
            "figures of all days of a tenant", told["all"], "s", note=f"{told['jobs']:,} leads, {told['rows']:,} rows"
        ),
        Figure(f"figures after {EVENTS:,} events of a day", told["events"], "s", most=10, note=f"{told['days']} days"),
        Figure("figures that differ from those computed anew", told["differ"], "", most=0),
    ]
    # As autovacuum does it within minutes of so many rows: an index alone answers of pages it has seen.
    psycopg.connect(servers.url(logins.OWNER, big), autocommit=True).execute(
        "vacuum (analyze) reports_dailyfigure, leads_sourcefigure"
    )
    with serving(servers, big) as port:
        browser = Browser(port)
        browser.sign_in(f"manager@{TENANT}.example", PASSWORD)
        times: dict[str, list[float]] = {name: [] for name in PAGES}
        for nth in range(ROUNDS + COLD):
            for name, path in PAGES.items():
                answer = browser.get(f"/{TENANT}/{path}")
                if answer.status != 200:
                    raise RuntimeError(f"{path} answers {answer.status}")
                if nth >= COLD:
                    times[name].append(answer.seconds * 1000)
    for name, kept in times.items():
        note = f"p50 {percentile(kept, 0.5):.0f} ms, {told['jobs']:,} leads of the tenant"
        figures.append(Figure(f"{name}, p95", percentile(kept, 0.95), "ms", most=500, note=note))
    return figures


def main() -> None:
    """Compute the figures of all days, then those that many events touch. Prints what it took. Inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    tenant = Tenant.objects.get(slug=sys.argv[1])
    with use_tenant(tenant):
        everything = _whole()
    print(json.dumps(everything | _after_events(tenant)))


def _whole() -> dict[str, float]:
    from crm.jobs.models import Job
    from leads.models import SourceDay, SourceFigure
    from leads.sources.kept import upkeep as source_days
    from reports.figures.upkeep import DAYS, begin
    from reports.models import DailyFigure, FigureDay

    FigureDay.objects.all().delete()
    DailyFigure.objects.all().delete()
    SourceDay.objects.all().delete()
    SourceFigure.objects.all().delete()
    started = time.perf_counter()
    begin()
    DAYS.refresh_days()
    source_days.begin()
    source_days.DAYS.refresh_days()
    seconds = time.perf_counter() - started
    return {"all": seconds, "rows": DailyFigure.objects.count(), "jobs": Job.objects.count()}


def _after_events(tenant: object) -> dict[str, float]:
    """Touch an open lead an event; hear of them batch by batch, and compute until nothing is stale."""
    from django.db import connection

    from crm.kernel import clock
    from crm.platform.database.claims import SHARE
    from crm.platform.models import Event
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import kept_days
    from leads.sources.kept import upkeep as source_days
    from reports.figures.computation import compute
    from reports.figures.days import last_days
    from reports.figures.measures import CAME
    from reports.figures.upkeep import DAYS, hear
    from reports.models import DailyFigure, FigureDay, Grain

    now = clock.now()
    with use_tenant(tenant), connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute(
            """insert into platform_event (tenant_id, at, kind, subject_kind, subject_id, job_id, data)
               select %s, %s - interval '1 second' * row_number() over (),
                   (%s::text[])[1 + row_number() over () %% cardinality(%s::text[])], 'jobs.job', id, id, '{}'::jsonb
               from (select id from jobs_job where tenant_id = %s and state = 'open' order by hashint8(id)
                     limit %s) as touched
               returning id""",
            [tenant.pk, now, list(KINDS), list(KINDS), tenant.pk, EVENTS],  # type: ignore[attr-defined]
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    started = time.perf_counter()
    for place in range(0, len(ids), SHARE):
        with use_tenant(tenant):  # type: ignore[arg-type]
            events = list(Event.objects.filter(pk__in=ids[place : place + SHARE]).order_by("pk"))
            hear(events)
            source_days.hear([event for event in events if event.kind in source_days.EVENTS])
    with use_tenant(tenant):  # type: ignore[arg-type]
        stale = FigureDay.objects.filter(stale_since__isnull=False).count()
    for days in (DAYS, source_days.DAYS):
        is_left = True
        while is_left:
            with use_tenant(tenant):  # type: ignore[arg-type]
                is_left = days.refresh_days(kept_days.AT_ONCE)
    seconds = time.perf_counter() - started
    with use_tenant(tenant):  # type: ignore[arg-type]
        days = last_days(30)
        kept = DailyFigure.objects.filter(grain=Grain.BOTH, day__range=(days.first, days.last))
        # Of the leads that came in: those alone have steps.
        columns = "day measure brand_id pipeline_id member_id stage_id outcome currency count value".split()
        anew = {tuple(getattr(one, name) for name in columns) for one in compute(list(days), {CAME})}
        same = set(kept.values_list(*columns))
        return {"events": seconds, "days": stale, "differ": len(anew ^ same)}


if __name__ == "__main__":
    main()
