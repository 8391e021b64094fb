"""Many follow-ups at once: seconds for 5,000 spread over working days and taken back, in slices as a worker does it.

The floor is one UPDATE of as many rows, with their indexes.
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

DATABASE, JOBS, ROWS, TENANT = "bench_follow_ups", 20_000, 5_000, "scale-1"
PROMISED = 5.0


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    seconds = json.loads(run_inside(servers, DATABASE, "bench.follow_ups"))
    servers.drop(DATABASE)
    floor = seconds.pop("floor")
    return [Figure(f"{ROWS:,} follow-ups by one UPDATE (floor)", floor, "s")] + [
        Figure(f"{ROWS:,} follow-ups {name}", took, "s", most=PROMISED, note=f"{took / floor:.1f} × floor")
        for name, took in seconds.items()
    ]


def main() -> None:
    """Print the seconds as JSON. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    tenant = Tenant.objects.get(slug=TENANT)
    ids, boss = _plan_rows(tenant)
    seconds = {"floor": _timed(lambda: _update_rows(tenant, ids))}
    seconds["previewed"], seconds["moved by a day"], change = _run(tenant, boss, {"how": "by", "days": 1}, ids)

    def take_back() -> None:
        from crm.platform import undo

        with use_tenant(tenant):
            undo.undo_change(change, by=boss)

    seconds["taken back"] = _timed(take_back)
    spread = {"how": "spread", "days": 30}
    seconds["previewed for a spread"], seconds["spread over 30 days"], _change = _run(tenant, boss, spread, ids)
    print(json.dumps(seconds))


def _plan_rows(tenant: Any) -> tuple[list[int], Any]:
    """Plan one follow-up on each of so many open jobs, assigned to as many members as there are."""
    from datetime import timedelta

    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.models import Member, User
    from crm.platform.tenancy.context import use_tenant
    from followups.bulk_plan import plan_many
    from followups.models import FollowUp

    with use_tenant(tenant):
        boss = Member.objects.get(user=User.objects.get(email=f"manager@{TENANT}.example"))
        FollowUp.objects.all().delete()
        jobs = list(Job.objects.open().order_by("pk").values_list("pk", flat=True)[:ROWS])
        rows = plan_many(jobs, kind="text", subject="Text", due_at=clock.now() + timedelta(days=1), by=boss)
        return [row.pk for row in rows], boss


def _timed(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _update_rows(tenant: Any, ids: list[int]) -> None:
    from datetime import timedelta

    from django.db.models import F

    from crm.platform.tenancy.context import use_tenant
    from followups.models import FollowUp

    second = timedelta(seconds=1)
    with use_tenant(tenant):
        FollowUp.objects.filter(pk__in=ids).update(due_at=F("due_at") + second, sort_at=F("sort_at") + second)


def _run(tenant: Any, boss: Any, values: dict[str, Any], ids: list[int]) -> tuple[float, float, Any]:
    """Preview and begin it as the request does, then slice by slice, each in a transaction of its own."""
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import runs
    from followups.bulk.reschedule import Reschedule
    from followups.bulk.runs import FollowUpBulkKind, prepare_run, preview_changes, start_run

    with use_tenant(tenant):
        run = prepare_run("reschedule", ids, by=boss)
    begin = time.perf_counter()
    with use_tenant(tenant):
        previewed = preview_changes(run, Reschedule(values, boss))
    preview_seconds = time.perf_counter() - begin
    with use_tenant(tenant):
        start_run(run, values, previewed)
        run.refresh_from_db()
    while run.is_working:
        with use_tenant(tenant):
            runs.work(FollowUpBulkKind(), [run.pk])
            run.refresh_from_db()
    with use_tenant(tenant):
        return preview_seconds, time.perf_counter() - begin, run.change.uid if run.change else None


if __name__ == "__main__":
    main()
