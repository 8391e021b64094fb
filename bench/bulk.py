"""Many leads at once: seconds for 5,000 moved, assigned, prioritized and taken back, as a worker does it in slices.

The floor is what no way of doing it can do without: one UPDATE of as many rows, with their indexes.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure
from bench.web import run_inside

DATABASE, JOBS, LEADS, TENANT = "bench_bulk", 20_000, 5_000, "scale-1"
PROMISED = 3_435


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    told = json.loads(run_inside(servers, DATABASE, "bench.bulk"))
    servers.drop(DATABASE)
    floor = told.pop("floor")
    return [Figure(f"{LEADS:,} jobs by one UPDATE (floor)", floor, "s")] + [
        Figure(
            f"{count:,} leads {name}",
            seconds,
            "s",
            # Some are there already, or on hold: the promise is 3 s for the 3,435 that move.
            most=3 * count / PROMISED,
            note=f"{count / seconds:,.0f} leads/s, {seconds / floor:.1f} × floor",
        )
        for name, (count, seconds) in told.items()
    ]


def main() -> None:
    """Print the seconds as JSON. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.jobs.models import Job
    from crm.platform import undo
    from crm.platform.models import Member, Tenant, User
    from crm.platform.tenancy.context import use_tenant

    tenant = Tenant.objects.get(slug=TENANT)
    with use_tenant(tenant):
        boss = Member.objects.get(user=User.objects.get(email=f"manager@{TENANT}.example"))
        ids = list(Job.objects.open().order_by("pk").values_list("pk", flat=True)[:LEADS])
        other = Member.objects.exclude(pk=boss.pk).order_by("pk")[0]
    told: dict[str, Any] = {"floor": _timed(lambda: _floor(tenant, ids))}
    for name, act, target in (
        ("moved", "move", "phase:3"),
        ("assigned", "assign", str(other.uid)),
        ("prioritized", "prioritize", "1"),
    ):
        change, count, seconds = _run(tenant, boss, act, target, ids)
        told[name] = [count, seconds]
        if act == "move":

            def back(uid: Any = change) -> None:
                with use_tenant(tenant):
                    undo.undo_change(uid, by=boss)

            told["taken back"] = [count, _timed(back)]
    print(json.dumps(told))


def _timed(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _floor(tenant: Any, ids: list[int]) -> None:
    from django.db.models import F

    from crm.jobs.models import Job
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(tenant):
        Job.objects.filter(pk__in=ids).update(level=F("level"), unread_count=F("unread_count") + 1)


def _run(tenant: Any, boss: Any, act: str, target: str, ids: list[int]) -> tuple[Any, int, float]:
    """Begin it as the request does, then slice by slice, each in a transaction of its own, as the worker does."""
    from crm.jobs.bulk.runs import BulkKind, prepare
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import runs

    with use_tenant(tenant):
        run = prepare(act, ids, by=boss)
    begin = time.perf_counter()
    with use_tenant(tenant):
        runs.begin(run, by=boss, target=target)
    while run.is_working:
        with use_tenant(tenant):
            runs.work(BulkKind(), [run.pk])
            run.refresh_from_db()
    seconds = time.perf_counter() - begin
    with use_tenant(tenant):
        return (run.change.uid if run.change else None), run.changed_count, seconds


if __name__ == "__main__":
    main()
