"""Compute the figures of days from the rows of leads, contacts and messages: one statement, however many days.

A plan over index ranges a day: `since` and `until` of each are given, so that a day is what its list says it is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id
from reports.figures.days import ONE, midnight
from reports.figures.measures import (
    CALLED,
    CAME,
    CONTACTED,
    IN_TIME,
    LOST,
    LOST_LATE,
    MEASURES,
    NO_CONTACT,
    WAITING,
    WON,
    WROTE,
)


@dataclass(frozen=True)
class Figure:
    """Leads of a measure and day that are alike; as DailyFigure has it."""

    day: date
    measure: str
    brand_id: int
    pipeline_id: int
    member_id: int | None
    stage_id: int | None
    outcome: str
    currency: str
    count: int
    value: int
    # Of what was contacted: how many seconds each took.
    seconds: list[int]


def compute(days: Collection[date], measures: Collection[str] = MEASURES) -> list[Figure]:
    """Return the figures of these measures and days, as the rows are now; of further ones that are read along."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_alike(measures), parameters(days))
        return [Figure(*row) for row in cursor.fetchall()]


def parameters(days: Collection[date]) -> dict[str, Any]:
    """Return the parameters of these statements."""
    ordered = sorted(days)
    return {
        "tenant": required_tenant_id(),
        "days": ordered,
        "begins": [midnight(day) for day in ordered],
        "ends": [midnight(day + ONE) for day in ordered],
    }


# A day's leads by index, each looked up by its key: what the planner guesses of a range would read whole tables.
_ASKED = """
with asked as materialized (
    select * from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) as row(day, since, till)
)"""
_ITS_JOB = """
cross join lateral (select * from jobs_job where tenant_id = %(tenant)s and id = found.job_id offset 0) job"""
_ALIKE = "job.brand_id, job.pipeline_id, job.member_id, null::bigint as stage_id, '' as outcome, job.currency"
_WORTH = "coalesce(job.value, 0) as value"
# What each measure is read from. Step and outcome are kept of those that came in alone: they are what conversion is
# made of. How many seconds a first contact took is of those contacted alone.
_PARTS: dict[tuple[str, ...], str] = {
    (CAME,): f"""
    select asked.day, 'came' as measure, job.brand_id, job.pipeline_id, job.member_id, job.stage_id,
        case when lead.job_id is not null then 'won' else job.state end as outcome,
        job.currency, {_WORTH}, null::integer as seconds
    from asked cross join lateral (
        select * from jobs_job
        where tenant_id = %(tenant)s and came_in_at >= since and came_in_at < till offset 0
    ) job
    left join leads_lead lead on lead.tenant_id = %(tenant)s and lead.job_id = job.id and lead.won_at is not null""",
    (LOST, LOST_LATE): f"""
    select asked.day, unnest(case when job.past like '%%:late%%' or job.past like '%%:crit%%'
                                  then array['lost', 'lost_late'] else array['lost'] end) as measure,
        {_ALIKE}, {_WORTH}, null::integer as seconds
    from asked cross join lateral (
        select * from jobs_job
        where tenant_id = %(tenant)s and ended_at >= since and ended_at < till and state = 'lost' offset 0
    ) job""",
    (WON,): f"""
    select asked.day, 'won' as measure, {_ALIKE}, {_WORTH}, null::integer as seconds
    from asked cross join lateral (
        select job_id from leads_lead
        where tenant_id = %(tenant)s and won_at >= since and won_at < till offset 0
    ) found {_ITS_JOB}""",
    (WROTE, CALLED): f"""
    select asked.day, found.measure, {_ALIKE}, {_WORTH}, null::integer as seconds
    from asked cross join lateral (
        select distinct job_id, case direction when 'in' then 'wrote' else 'called' end as measure from comms_message
        where tenant_id = %(tenant)s and at >= since and at < till
            and job_id is not null and (direction = 'in' or medium = 'call')
        union
        select logged.job_id, 'called' from platform_event logged
        where logged.tenant_id = %(tenant)s and logged.at >= since and logged.at < till
            and logged.kind = 'job.contacted' and logged.data ->> 'kind' = 'call'
            and logged.actor_id is not null and logged.job_id is not null
            and not exists (
                select from platform_event back
                where back.tenant_id = %(tenant)s and back.job_id = logged.job_id and back.id > logged.id and (
                    (back.kind = 'job.contact_withdrawn'
                        and back.data ->> 'touched_at' = logged.data ->> 'touched_at')
                    or (back.kind = 'job.undone' and back.data ->> 'of' = 'job.contacted'
                        and (back.data ->> 'since')::timestamptz <= logged.at)
                )
            )
    ) found {_ITS_JOB}""",
    (CONTACTED, IN_TIME): f"""
    select asked.day, told.measure, {_ALIKE}, {_WORTH},
        case told.measure when 'contacted' then found.seconds end as seconds
    from asked cross join lateral (
        select job_id, contacted_at <= due_at as is_in_time, seconds from leads_firstcontact
        where tenant_id = %(tenant)s and opened_at >= since and opened_at < till
            and contacted_at is not null offset 0
    ) found
    cross join lateral unnest(
        case when is_in_time then array['contacted', 'in_time'] else array['contacted'] end
    ) as told(measure) {_ITS_JOB}""",
    (NO_CONTACT, WAITING): f"""
    select asked.day, unnest(case when job.state = 'open' then array['no_contact', 'waiting']
                                  when job.state <> 'dropped' then array['no_contact'] end) as measure,
        {_ALIKE}, {_WORTH}, null::integer as seconds
    from asked cross join lateral (
        select job_id from leads_firstcontact
        where tenant_id = %(tenant)s and opened_at >= since and opened_at < till
            and contacted_at is null offset 0
    ) found {_ITS_JOB}""",
}


def _counted(measures: Collection[str]) -> str:
    """Return the beginning of a statement: each lead once for each of these measures it counts for."""
    parts = [sql for names, sql in _PARTS.items() if not set(names).isdisjoint(measures)]
    return f"{_ASKED}, counted as ({' union all '.join(parts)}\n)"


def _alike(measures: Collection[str]) -> str:
    return f"""{_counted(measures)}
select day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count(*), sum(value)::bigint,
    coalesce(array_agg(seconds) filter (where seconds is not null), '{{}}')
from counted group by 1, 2, 3, 4, 5, 6, 7, 8"""


# The same in every grain, marked as `grouping` has it: 2 without member, 1 without step and outcome. How long first
# contacts took stands once, with neither.
GRAINED = f"""{_counted(MEASURES)}, took as (
    select 3 as grain, day, measure, brand_id, pipeline_id, currency,
        array_agg(seconds order by seconds, member_id) as seconds,
        array_agg(member_id order by seconds, member_id) as seconds_of
    from counted where seconds is not null group by day, measure, brand_id, pipeline_id, currency
), grained as (
    select grouping(member_id) * 2 + grouping(stage_id) as grain, day, measure, brand_id, pipeline_id, member_id,
        stage_id, coalesce(outcome, '') as outcome, currency, count(*) as count, sum(value)::bigint as value
    from counted
    group by day, measure, brand_id, pipeline_id, currency, grouping sets (
        (member_id, stage_id, outcome), (stage_id, outcome), (member_id), ()
    )
    having measure = 'came' or grouping(stage_id) = 1
)
select * from grained left join took using (grain, day, measure, brand_id, pipeline_id, currency)"""
