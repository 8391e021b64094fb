"""Nightly computation (due work): acts of past days, and how long leads stayed in each step.

Counting a day again replaces what was counted of it, so that it may run twice.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from reports.models import ActDay, CountedAct, StayLeads, StepStay
from reports.work.turn_times import turns_by_step

NIGHT = "reports.night"
# Half past one: whatever the clocks do, the day before is over.
AT = time(1, 30)
# Days of acts that are looked back at, where none was counted yet; and days of stays that are compared with as many.
MOST_DAYS = 120
STAY_DAYS = 90
KINDS = {
    "message.queued": CountedAct.MESSAGE,
    "followup.planned": CountedAct.FOLLOW_UP,
    "job.moved": CountedAct.MOVE,
    "job.assigned": CountedAct.ASSIGNMENT,
    "ticket.assigned": CountedAct.ASSIGNMENT,
    "update.drafted": CountedAct.UPDATE,
}


def begin() -> None:
    """Schedule the first nightly run of a new tenant."""
    due.schedule(NIGHT, 0, next_night(clock.now(), directory().zone))


def begin_again() -> None:
    """Schedule a run at once for an existing tenant whose event log was not counted fully."""
    if not (ActDay.objects.exists() and StayLeads.objects.exists()):
        due.schedule(NIGHT, 0, clock.now())


def count_night(_subjects: Sequence[int]) -> None:
    """Count everything not counted yet, and schedule the next night (due work)."""
    zone = directory().zone
    now = clock.now()
    count_until(now.astimezone(zone).date())
    count_stays(now)
    due.schedule(NIGHT, 0, next_night(now, zone))


def next_night(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next local 01:30."""
    today = now.astimezone(zone).date()
    at = datetime.combine(today, AT, zone).astimezone(UTC)
    if at > now:
        return at
    return datetime.combine(today + timedelta(days=1), AT, zone).astimezone(UTC)


def count_until(today: date) -> None:
    """Count the acts of each day before today that was not counted yet."""
    last = ActDay.objects.aggregate(last=Max("day"))["last"]
    day = max(last + timedelta(days=1) if last else date.min, today - timedelta(days=MOST_DAYS))
    while day < today:
        count_day(day)
        day += timedelta(days=1)


@transaction.atomic
def count_day(day: date) -> None:
    """Count the acts of one day from the event log with one statement; a row for each kind, even with count 0."""
    zone = directory().zone
    since, until = (datetime.combine(day + timedelta(days=at), time(), zone).astimezone(UTC) for at in (0, 1))
    by_act = {act: [0, 0, 0] for act in CountedAct}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"tenant": required_tenant_id(), "since": since, "until": until, "kinds": list(KINDS)}
        cursor.execute(_ACTS, values)
        for kind, *counts in cursor.fetchall():
            by_act[KINDS[kind]] = [a + b for a, b in zip(by_act[KINDS[kind]], counts, strict=True)]
    ActDay.objects.filter(day=day).delete()
    ActDay.objects.bulk_create(
        ActDay(day=day, act=act, by_hand=hand, by_template=template, by_itself=itself)
        for act, (hand, template, itself) in by_act.items()
    )


# A person's act names its member; what a rule did names none, or the event that caused it.
_ACTS = """
    select event.kind,
           count(*) filter (where by_person and message.template_version_id is null),
           count(*) filter (where by_person and message.template_version_id is not null),
           count(*) filter (where not by_person)
    from platform_event as event
    cross join lateral (select event.actor_id is not null and event.caused_by is null as by_person) as act
    left join comms_message as message
         on event.kind = 'message.queued' and message.tenant_id = event.tenant_id and message.id = event.subject_id
    where event.tenant_id = %(tenant)s and event.at >= %(since)s and event.at < %(until)s
          and event.kind = any(%(kinds)s)
    group by event.kind"""


@transaction.atomic
def count_stays(now: datetime) -> None:
    """Compute the stays in each step left within the last days and the days before, and which side's turn it was."""
    since = now - timedelta(days=STAY_DAYS)
    values: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "first": since - timedelta(days=STAY_DAYS),
        "since": since,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, values)
        rows = cursor.fetchall()
    found_turns = turns_by_step(since, now)
    StepStay.objects.all().delete()
    StepStay.objects.bulk_create(
        StepStay(
            stage_id=stage,
            is_latest=latest,
            stays=stays,
            median=int(median),
            p90=int(p90),
            turns=found_turns.spent.get(stage, {}) if latest else {},
        )
        for stage, latest, stays, median, p90, _leads in rows
    )
    left = {(stage, ""): leads for stage, latest, *_numbers, leads in rows if latest}
    StayLeads.objects.all().delete()
    StayLeads.objects.bulk_create(
        StayLeads(stage_id=stage, side=side, leads=len(ids), job_ids=sorted(ids))
        for (stage, side), ids in {**left, **found_turns.leads}.items()
    )


_STAYS = """
    select stage_id, left_at >= %(since)s, count(*),
           percentile_cont(0.5) within group (order by seconds), percentile_cont(0.9) within group (order by seconds),
           array_agg(distinct job_id)
    from jobs_stagevisit
    cross join lateral (select greatest(extract(epoch from left_at - entered_at), 0) as seconds) as stay
    where tenant_id = %(tenant)s and left_at >= %(first)s and left_at < %(now)s and stage_id is not null
    group by 1, 2"""
