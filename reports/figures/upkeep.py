"""Maintain the daily figures: events mark days stale and due work recomputes them. Idempotent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work.kept_days import KeptDays
from reports.figures.computation import GRAINED, parameters
from reports.figures.days import today
from reports.models import FigureDay

REFRESH = "reports.refresh"
# After these a day may count otherwise: what is counted, or whose, which brand's and what it is worth.
EVENTS = (
    *("job.opened", "job.removed", "job.assigned", "job.moved", "job.filled_in", "job.corrected", "job.undone"),
    *("job.reopened", "job.finished", "job.lost", "job.dropped", "job.contacted", "job.answered"),
    *("job.contact_withdrawn",),
    *("lead.won", "lead.win_withdrawn", "lead.filled_in"),
    *("message.called", "message.call_taken_back", "message.received"),
)


# After these it may count no more on a day of which the log alone tells.
TAKEN_BACK = frozenset(
    {
        *("job.removed", "job.undone", "job.reopened", "job.contact_withdrawn", "lead.win_withdrawn"),
        "message.call_taken_back",
    }
)
# What is kept of a step is kept of those that came in alone.
OF_THE_STEP = frozenset({"job.moved"})


def hear(heard: Sequence[Event]) -> None:
    """Mark as stale the days that count the leads of these events, or did before an undo (subscriber)."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for event in heard:
        if event.job_id or event.subject_kind == "jobs.job":
            kinds[event.job_id or event.subject_id].add(event.kind)
    values: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "zone": directory().tenant.time_zone,
        "jobs": sorted(kinds),
        "all_days": sorted(pk for pk, its in kinds.items() if its - OF_THE_STEP),
        "taken_back": sorted(pk for pk, its in kinds.items() if its & TAKEN_BACK),
        "events": list(EVENTS),
        # A call that was logged counts on the day it was.
        "logged": sorted({event.at for event in heard if event.kind == "job.contacted"}),
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        is_news = cursor.rowcount > 0
    if is_news:
        DAYS.schedule()


def _store_days(days: list[date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, parameters(days))


DAYS = KeptDays(FigureDay, REFRESH, _store_days)


def begin() -> None:
    """Schedule computing an organization's past figures if none are stored yet; called after each migration."""
    if not FigureDay.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute(_EVERY, {"tenant": required_tenant_id(), "zone": directory().tenant.time_zone})
            (first,) = cursor.fetchone() or (None,)
        if first:
            DAYS.note([date.fromordinal(one) for one in range(first.toordinal(), today().toordinal() + 1)])


_EVERY = """select min(came_in_at at time zone %(zone)s)::date from jobs_job where tenant_id = %(tenant)s"""
# Rows that are as they were are left alone: a day of many events changes few of its figures, and what is not written
# needs no vacuum before an index alone answers for it.
_KEEP = f"""
with anew as materialized ({GRAINED}),
kept as materialized (
    select * from reports_dailyfigure where tenant_id = %(tenant)s and day = any(%(days)s)
), differing as materialized (
    select kept.id, anew.grain, anew.day, anew.measure, anew.brand_id, anew.pipeline_id, anew.member_id, anew.stage_id,
        anew.outcome, anew.currency, anew.count, anew.value, anew.seconds, anew.seconds_of
    from anew full join kept on (anew.grain, anew.day, anew.measure, anew.brand_id, anew.pipeline_id)
            = (kept.grain, kept.day, kept.measure, kept.brand_id, kept.pipeline_id)
        and coalesce(anew.member_id, 0) = coalesce(kept.member_id, 0)
        and coalesce(anew.stage_id, 0) = coalesce(kept.stage_id, 0)
        and (anew.outcome, anew.currency) = (kept.outcome, kept.currency)
    where kept.id is null or anew.day is null
        or (anew.count, anew.value, anew.seconds, anew.seconds_of)
            is distinct from (kept.count, kept.value, kept.seconds, kept.seconds_of)
), gone as (
    delete from reports_dailyfigure
    where tenant_id = %(tenant)s and id = any(array(select id from differing where day is null))
), changed as (
    update reports_dailyfigure figure
    set count = differing.count, value = differing.value,
        seconds = differing.seconds, seconds_of = differing.seconds_of
    from differing
    where figure.tenant_id = %(tenant)s and figure.id = differing.id and differing.day is not null
        and figure.id = any(array(select id from differing where day is not null and id is not null))
)
insert into reports_dailyfigure
    (tenant_id, grain, day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count, value,
     seconds, seconds_of)
select %(tenant)s, grain, day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count, value,
    seconds, seconds_of
from differing where id is null"""
# In the order of their days, so that two who note the same ones never wait for each other in a circle.
_NOTE = """
insert into reports_figureday (tenant_id, day, stale_since)
select distinct %(tenant)s::bigint, (found.at at time zone %(zone)s)::date as day, %(now)s::timestamptz
from (
    select unnest(case when job.id = any(%(all_days)s) then array[job.came_in_at, job.ended_at, lead.won_at]
                       else array[job.came_in_at] end) as at
    from jobs_job job left join leads_lead lead on lead.tenant_id = job.tenant_id and lead.job_id = job.id
    where job.tenant_id = %(tenant)s and job.id = any(%(jobs)s)
    union all
    select at from comms_message where tenant_id = %(tenant)s and job_id = any(%(all_days)s)
    union all
    select unnest(%(logged)s::timestamptz[])
    union all
    select at from platform_event
    where tenant_id = %(tenant)s and job_id = any(%(taken_back)s) and kind = any(%(events)s)
) as found
where at is not null
order by day
on conflict (tenant_id, day) do update set stale_since = excluded.stale_since
where reports_figureday.stale_since is null"""
