"""Compute the figures of days from the rows of leads, contacts and messages: one statement, however many days.

A plan over index ranges a day: `since` and `until` of each are given, so that a day is what its list says it is.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id
from reports.figures.days import ONE, midnight


class Figure(NamedTuple):
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


# What of a lead differs within a measure is kept for those that came in alone: it is what conversion is made of.
COUNTED = """
with asked as materialized (
    select * from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) as row(day, since, till)
), counted (day, measure, job_id) as (
    select day, 'came', job.id from asked join jobs_job job
        on job.tenant_id = %(tenant)s and job.came_in_at >= since and job.came_in_at < till
    union all
    select day, 'won', lead.job_id from asked join leads_lead lead
        on lead.tenant_id = %(tenant)s and lead.won_at >= since and lead.won_at < till
    union all
    select day, unnest(case when job.past like '%%:late%%' or job.past like '%%:crit%%'
                            then array['lost', 'lost_late'] else array['lost'] end), job.id
        from asked join jobs_job job
        on job.tenant_id = %(tenant)s and job.ended_at >= since and job.ended_at < till and job.state = 'lost'
    union all
    select distinct day, case direction when 'in' then 'wrote' else 'called' end, message.job_id
        from asked join comms_message message
        on message.tenant_id = %(tenant)s and message.at >= since and message.at < till
        and message.job_id is not null and (message.direction = 'in' or message.medium = 'call')
    union all
    select day, unnest(case when contact.contacted_at <= contact.due_at
                            then array['contacted', 'in_time'] else array['contacted'] end), contact.job_id
        from asked join leads_firstcontact contact
        on contact.tenant_id = %(tenant)s and contact.opened_at >= since and contact.opened_at < till
        and contact.contacted_at is not null
), alike as (
    select counted.day, counted.measure, job.brand_id, job.pipeline_id, job.member_id,
        case when counted.measure = 'came' then job.stage_id end as stage_id,
        case when counted.measure <> 'came' then ''
             when lead.won_at is not null then 'won' else job.state end as outcome,
        job.currency, coalesce(job.value, 0) as value
    from counted
    join jobs_job job on job.tenant_id = %(tenant)s and job.id = counted.job_id
    left join leads_lead lead
        on counted.measure = 'came' and lead.tenant_id = %(tenant)s and lead.job_id = counted.job_id
)
select day, measure, brand_id, pipeline_id, member_id, stage_id, outcome, currency, count(*), sum(value)::bigint
from alike group by 1, 2, 3, 4, 5, 6, 7, 8"""
