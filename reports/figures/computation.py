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


def compute(days: Collection[date]) -> list[Figure]:
    """Return the figures of these days, as the rows are now."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, parameters(days))
        return [Figure(*row) for row in cursor.fetchall()]


def parameters(days: Collection[date]) -> dict[str, Any]:
    """Return the parameters of COUNTED."""
    ordered = sorted(days)
    return {
        "tenant": required_tenant_id(),
        "days": ordered,
        "begins": [midnight(day) for day in ordered],
        "ends": [midnight(day + ONE) for day in ordered],
    }


# A day's leads by index, each looked up by its key: what the planner guesses of a range would read whole tables. Step
# and outcome are kept of those that came in alone: they are what conversion is made of.
_LEADS = """
with asked as materialized (
    select * from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) as row(day, since, till)
), counted as (
    select asked.day, 'came' as measure, job.brand_id, job.pipeline_id, job.member_id, job.stage_id,
        case when lead.job_id is not null then 'won' else job.state end as outcome,
        job.currency, coalesce(job.value, 0) as value
    from asked cross join lateral (
        select * from jobs_job
        where tenant_id = %(tenant)s and came_in_at >= since and came_in_at < till offset 0
    ) job
    left join leads_lead lead on lead.tenant_id = %(tenant)s and lead.job_id = job.id and lead.won_at is not null
    union all
    select asked.day, unnest(case when job.past like '%%:late%%' or job.past like '%%:crit%%'
                                  then array['lost', 'lost_late'] else array['lost'] end),
        job.brand_id, job.pipeline_id, job.member_id, null, '', job.currency, coalesce(job.value, 0)
    from asked cross join lateral (
        select * from jobs_job
        where tenant_id = %(tenant)s and ended_at >= since and ended_at < till and state = 'lost' offset 0
    ) job
    union all
    select found.day, found.measure, job.brand_id, job.pipeline_id, job.member_id, null, '', job.currency,
        coalesce(job.value, 0)
    from (
        select asked.day, 'won' as measure, lead.job_id from asked cross join lateral (
            select job_id from leads_lead
            where tenant_id = %(tenant)s and won_at >= since and won_at < till offset 0
        ) lead
        union all
        select distinct asked.day, case direction when 'in' then 'wrote' else 'called' end, message.job_id
        from asked cross join lateral (
            select job_id, direction from comms_message
            where tenant_id = %(tenant)s and at >= since and at < till
                and job_id is not null and (direction = 'in' or medium = 'call') offset 0
        ) message
        union all
        select asked.day, unnest(case when contact.contacted_at <= contact.due_at
                                      then array['contacted', 'in_time'] else array['contacted'] end), contact.job_id
        from asked cross join lateral (
            select job_id, contacted_at, due_at from leads_firstcontact
            where tenant_id = %(tenant)s and opened_at >= since and opened_at < till
                and contacted_at is not null offset 0
        ) contact
    ) found cross join lateral (
        select * from jobs_job where tenant_id = %(tenant)s and id = found.job_id offset 0
    ) job
)"""
COUNTED = f"""{_LEADS}
select day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count(*), sum(value)::bigint
from counted group by 1, 2, 3, 4, 5, 6, 7, 8"""
# The same in every grain, marked as `grouping` has it: 2 without member, 1 without step and outcome.
GRAINED = f"""{_LEADS}
select grouping(member_id) * 2 + grouping(stage_id) as grain, day, measure, brand_id, pipeline_id, member_id, stage_id,
    coalesce(outcome, '') as outcome, currency, count(*) as count, sum(value)::bigint as value
from counted
group by day, measure, brand_id, pipeline_id, currency, grouping sets (
    (member_id, stage_id, outcome), (stage_id, outcome), (member_id), ()
)
having measure = 'came' or grouping(stage_id) = 1"""
