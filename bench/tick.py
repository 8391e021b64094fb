"""The tick: what it costs when nothing is due, and how fast one worker moves jobs whose instant has come."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import run_inside

DATABASE, JOBS, PENDING, CROSSINGS = "bench_tick", 60_000, 1_000_000, 20_000
TICKS = 400


def measure(servers: Servers, small: str) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    few = json.loads(run_inside(servers, small, "bench.tick", "1000", "0"))
    many = json.loads(run_inside(servers, DATABASE, "bench.tick", str(PENDING), str(CROSSINGS)))
    servers.drop(DATABASE)
    note = f"{few['idle']:.2f} ms at 1,000, {many['idle']:.2f} ms at 1,000,000 pending"
    return [
        Figure(
            "tick with nothing due, 1,000,000 to 1,000 pending", many["idle"] / few["idle"], "×", most=1.5, note=note
        ),
        Figure(
            "due work drained by one process",
            many["drained"] / many["seconds"],
            "a second",
            least=2000,
            note=f"{many['drained']:,} crossings of jobs in {many['tenants']} tenants, each with its event",
        ),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Due, Tenant
    from crm.platform.work import due

    pending, crossings = int(sys.argv[1]), int(sys.argv[2])
    while due.run_due_work():
        pass
    _fill(pending)
    told: dict[str, float] = {"idle": percentile(_idle_ticks(due.run_due_work), 0.5) * 1000}
    if crossings:
        made = _make_due(crossings)
        begin, drained = time.perf_counter(), 0
        while claimed := due.run_due_work():
            drained += claimed
        told |= {"seconds": time.perf_counter() - begin, "drained": drained, "tenants": Tenant.objects.count()}
        _check(made, drained)
    Due.objects.filter(kind="bench.later").delete()
    print(json.dumps(told))


def _idle_ticks(tick: Callable[[], int]) -> list[float]:
    """Time so many ticks that find nothing; between two of them a lead's clock may strike."""
    taken = []
    while len(taken) < TICKS:
        begin = time.perf_counter()
        if not tick():
            taken.append(time.perf_counter() - begin)
    return taken


def _fill(pending: int) -> None:
    """Rows that wait for a far day, until so many wait."""
    from django.db import connection

    from crm.kernel import clock

    with connection.cursor() as cursor:
        # No statement of the product writes a million rows; deleting them in the end is as long.
        cursor.execute("set statement_timeout to 0")
        cursor.execute(
            """insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, attempts, last_error)
               select tenant, 'bench.later', n, 'bench.later:' || n, at, at, 0, ''
               from (select n, (select array_agg(id) from platform_tenant) ids, %s + interval '1 second' * n as at
                     from generate_series(1, %s - (select count(*) from platform_due)) n) row
               cross join lateral (select ids[1 + n %% cardinality(ids)] tenant) own""",
            [clock.now() + timedelta(days=1), pending],
        )


def _make_due(crossings: int) -> int:
    """Let jobs that are in time become due soon a moment ago, spread over the tenants by their size."""
    from django.db import connection

    from crm.jobs.models import Job, Level
    from crm.kernel import clock
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    now, made = clock.now(), 0
    for tenant in Tenant.objects.order_by("pk"):
        with use_tenant(tenant), connection.cursor() as cursor:
            jobs = Job.objects.filter(level=Level.OK, due_at__gt=now + timedelta(minutes=30))
            chosen = list(jobs.values_list("pk", flat=True)[: crossings - made])
            made += jobs.filter(pk__in=chosen).update(warn_at=now - timedelta(seconds=1))
            cursor.execute(
                """update platform_due set due_at = %s, run_at = %s
                   where tenant_id = %s and key = any(select 'job.clock:' || id from unnest(%s::bigint[]) id)""",
                [now - timedelta(seconds=1), now - timedelta(seconds=1), tenant.pk, chosen],
            )
    return made


def _check(made: int, drained: int) -> None:
    """Every job has crossed, once."""
    from crm.platform.models import Event, Tenant
    from crm.platform.tenancy.context import use_tenant

    recorded = 0
    for tenant in Tenant.objects.all():
        with use_tenant(tenant):
            recorded += Event.objects.filter(kind="job.due_soon").count()
    if not recorded >= made <= drained:
        raise RuntimeError(f"{made} jobs were due, {drained} rows drained, {recorded} crossings recorded")


if __name__ == "__main__":
    main()
