"""Compute the figures of days from leads, contacts and messages: one statement for any number of days.

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
    """A group of leads of a measure and day with equal columns, as in DailyFigure."""

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
    seconds: list[int] | None


def compute(days: Collection[date], measures: Collection[str] = MEASURES) -> list[Figure]:
    """Compute the figures of these measures and days from the present rows."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{_alike_statement(measures)} select * from alike", parameters(days, measures))
        return [Figure(*row) for row in cursor.fetchall()]


def parameters(days: Collection[date], measures: Collection[str] = MEASURES) -> dict[str, Any]:
    """Return the SQL parameters of these statements."""
    ordered = sorted(days)
    return {
        "tenant": required_tenant_id(),
        "measures": list(measures),
        "days": ordered,
        "begins": [midnight(day) for day in ordered],
        "ends": [midnight(day + ONE) for day in ordered],
    }


# A day's leads by index, and what belongs to them by all their keys at once: what the planner guesses of a range would
# read whole tables, and a look-up for each lead costs twice as much.
_ASKED = """
with asked as materialized (
    select * from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) as row(day, since, till)
), came as materialized (
    select asked.day, job.* from asked cross join lateral (
        select id, brand_id, pipeline_id, member_id, stage_id, state, currency, value from jobs_job
        where tenant_id = %(tenant)s and came_in_at >= since and came_in_at < till offset 0
    ) job
), sold as materialized (
    select job_id from leads_lead
    where tenant_id = %(tenant)s and job_id = any(array(select id from came)) and won_at is not null
), contact as materialized (
    select job_id, contacted_at, due_at, seconds from leads_firstcontact
    where tenant_id = %(tenant)s and job_id = any(array(select id from came))
)"""
_ITS_JOB = """
cross join lateral (select * from jobs_job where tenant_id = %(tenant)s and id = found.job_id offset 0) job"""
_ALIKE = "job.brand_id, job.pipeline_id, job.member_id, null::bigint as stage_id, '' as outcome, job.currency"
_WORTH = "coalesce(job.value, 0) as value"
# What each measure is read from. Step and outcome are kept of those that came in alone: they are what conversion is
# made of. How many seconds a first contact took is of those contacted alone.
_PARTS: dict[tuple[str, ...], str] = {
    # In one pass over what came in: a first contact is counted on the day of its lead. Full joins, of what is among
    # those leads: they are hashed, where the planner might take few for one and compare each with each.
    (CAME, CONTACTED, IN_TIME, NO_CONTACT, WAITING): f"""
    select day, measure, brand_id, pipeline_id, member_id, case measure when 'came' then stage_id end as stage_id,
        case measure when 'came' then outcome else '' end as outcome, currency, value,
        case measure when 'contacted' then seconds end as seconds
    from (
        select job.day, job.brand_id, job.pipeline_id, job.member_id, job.stage_id, job.currency, {_WORTH},
            case when sold.job_id is null then job.state else 'won' end as outcome, contact.seconds,
            unnest(case
                when contact.contacted_at <= contact.due_at then array['came', 'contacted', 'in_time']
                when contact.contacted_at is not null then array['came', 'contacted']
                when contact.job_id is null or job.state = 'dropped' then array['came']
                when job.state = 'open' then array['came', 'no_contact', 'waiting']
                else array['came', 'no_contact']
            end) as measure
        from came job
        full join sold on sold.job_id = job.id
        full join contact on contact.job_id = job.id
    ) as told""",
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
}


def _alike_statement(measures: Collection[str]) -> str:
    """Return the SQL of a CTE named `alike`: the leads of these measures grouped by their columns."""
    parts = [sql for names, sql in _PARTS.items() if not set(names).isdisjoint(measures)]
    return f"""{_ASKED}, alike as (
    select day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count(*) as count,
        sum(value)::bigint as value, array_agg(seconds) filter (where seconds is not null) as seconds
    from ({" union all ".join(parts)}) as counted
    where measure = any(%(measures)s) group by 1, 2, 3, 4, 5, 6, 7, 8
)"""


# The same in every grain, marked as `grouping` has it: 2 without member, 1 without step and outcome; MEMBER_ALONE has
# neither brand nor pipeline. How long first contacts took stands once, in TOTAL. All are sums of what is alike, so that
# each lead is read once for all of them.
GRAINED = f"""{_alike_statement(MEASURES)}, took as (
    select 3 as grain, day, measure, brand_id, pipeline_id, currency,
        array_agg(took order by took, member_id) as seconds, array_agg(member_id order by took, member_id) as seconds_of
    from alike cross join unnest(seconds) as took group by day, measure, brand_id, pipeline_id, currency
), grained as (
    select case when grouping(brand_id) = 1 then 4 else grouping(member_id) * 2 + grouping(stage_id) end as grain,
        day, measure, coalesce(brand_id, 0) as brand_id, coalesce(pipeline_id, 0) as pipeline_id, member_id, stage_id,
        coalesce(outcome, '') as outcome, currency, sum(count)::integer as count, sum(value)::bigint as value
    from alike
    group by day, measure, currency, grouping sets (
        (brand_id, pipeline_id, member_id, stage_id, outcome), (brand_id, pipeline_id, stage_id, outcome),
        (brand_id, pipeline_id, member_id), (brand_id, pipeline_id), (member_id)
    )
    having measure = 'came' or grouping(stage_id) = 1
)
select * from grained left join took using (grain, day, measure, brand_id, pipeline_id, currency)"""
