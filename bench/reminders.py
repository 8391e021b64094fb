"""Reminders: how late they are where 100,000 are pending and thousands are due at once, and what one costs to send.

The floor is the tick alone: as many rows of due work whose handler does nothing.
"""

import json
import os
import time
from datetime import timedelta
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import run_inside

DATABASE, TENANT, JOBS = "bench_reminders", "scale-1", 10_000
# Follow-ups with two reminders each; of one of them so many are due at the same instant, as before nine o'clock.
FOLLOW_UPS, AT_ONCE = 50_000, 5_000
CHUNK = 5_000
# Seconds between two ticks.
BEAT = 5
FLOOR = "bench.reminders"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    result = json.loads(run_inside(servers, DATABASE, "bench.reminders").splitlines()[-1])
    servers.drop(DATABASE)
    rate = AT_ONCE / result["seconds"]
    floor = AT_ONCE / result["floor"]
    return [
        Figure(
            f"lateness of reminders, p99, {result['pending']:,} pending and {AT_ONCE:,} due at once",
            result["p99"] + BEAT,
            "s",
            most=60,
            note=f"one process, a tick every {BEAT} s included; half of them within {result['p50']:.1f} s",
        ),
        Figure(
            "reminders sent by one process",
            rate,
            "a second",
            note=f"{result['notices']:,} notices; due work that does nothing: {floor:,.0f} a second",
        ),
        Figure("of these sent twice or not at all", result["wrong"], "", most=0),
        Figure("reminders planned", result["planned"], "a second", note="by bulk verbs, 5,000 follow-ups at once"),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due

    due.handler(FLOOR)(lambda subjects: None)
    while due.run_due_work():
        pass
    with use_tenant(Tenant.objects.get(slug=TENANT)):
        result = _measure_here()
    print(json.dumps(result))


def _measure_here() -> dict[str, Any]:
    from django.db.models import Count

    from crm.kernel import clock
    from crm.platform.work import due
    from crm.web.models import Notice
    from followups.models import Reminder, ReminderDefault

    ReminderDefault(times=[[60, "app"], [15, "app"]]).save()
    planned = _plan_follow_ups()
    pending = Reminder.objects.waiting().count()
    due.schedule_all(FLOOR, [(nth, clock.now()) for nth in range(AT_ONCE)])
    floor = _drain()
    first = _make_due()
    seconds = _drain()
    sent = Reminder.objects.filter(pk__in=first, sent_at__isnull=False).values_list("planned_at", "sent_at")
    late = [(sent_at - planned_at).total_seconds() for planned_at, sent_at in sent]
    notices = Notice.objects.filter(kind="followup.reminder")
    doubled = notices.values("member", "subject_id").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {
        "planned": planned,
        "pending": pending,
        "floor": floor,
        "seconds": seconds,
        "p50": percentile(late, 0.5),
        "p99": percentile(late, 0.99),
        "notices": notices.count(),
        "wrong": doubled + len(first) - len(late),
    }


def _plan_follow_ups() -> float:
    """Create the follow-ups with their reminders, due over the next days; return reminders planned a second."""
    from crm.jobs.models import Job
    from crm.kernel import clock
    from crm.platform.models import Member
    from followups.models import FollowUp
    from followups.models.reminder_plan import plan_reminders

    jobs = list(Job.objects.open().filter(member__isnull=False).order_by("pk")[:CHUNK])
    members = list(Member.objects.filter(active=True).values_list("pk", flat=True))
    now = clock.now()
    taken = 0.0
    for chunk in range(FOLLOW_UPS // CHUNK):
        rows = [
            FollowUp.build(
                kind="call",
                subject="Call",
                due_at=now + timedelta(hours=3 + chunk, minutes=nth % 60),
                job=jobs[nth % len(jobs)],
                assignee_id=members[nth % len(members)],
            )
            for nth in range(CHUNK)
        ]
        created = FollowUp.objects.bulk_create(rows)
        begin = time.perf_counter()
        plan_reminders(created, are_new=True)
        taken += time.perf_counter() - begin
    return 2 * FOLLOW_UPS / taken


def _make_due() -> list[int]:
    """Let the first reminders of so many follow-ups be due now."""
    from crm.kernel import clock
    from crm.platform.work import due
    from followups.models import Reminder
    from followups.models.reminder_plan import REMIND

    first = Reminder.objects.waiting().filter(minutes_before=60).order_by("planned_at", "pk")
    ids = list(first.values_list("pk", flat=True)[:AT_ONCE])
    now = clock.now()
    Reminder.objects.filter(pk__in=ids).update(planned_at=now)
    due.schedule_all(REMIND, [(pk, now) for pk in ids])
    return ids


def _drain() -> float:
    """Run what is due; return the seconds it took."""
    from crm.platform.work import due

    begin = time.perf_counter()
    while due.run_due_work():
        pass
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
