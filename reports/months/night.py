"""Nightly count (due work) of each month's leads and work, from which forecasts are made.

A month is counted as a whole, so that counting it again replaces it. The last months are counted every night, as their
leads can still be won; all months once a week, because a lead of long ago can be corrected.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.days import next_month
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from reports.figures.days import midnight, today
from reports.models import LeadMonth, WorkMonth
from reports.periods import month_before
from reports.work.nightly_counts import next_night

NIGHT = "reports.months"
# Months that are counted: enough to compare a month with that of a year before, for each of the last twelve.
MONTHS = 30
# This month and those before it whose leads can be won within the three months that are counted.
CHANGING = 4
SUNDAY = 6
# Days in a step at which the next class of AGES begins: up to a week, a month, three months, longer.
AGES = (7, 30, 90)


def begin() -> None:
    """Schedule the first nightly count of a new tenant."""
    due.schedule(NIGHT, 0, next_night(clock.now(), directory().zone))


def begin_again() -> None:
    """Schedule a count at once for an existing tenant without months."""
    if not LeadMonth.objects.exists():
        due.schedule(NIGHT, 0, clock.now())


def count_night(_subjects: Sequence[int]) -> None:
    """Count the last months, or all of them, and schedule the next night (due work). Idempotent."""
    months = months_until(today())
    counted = set(LeadMonth.objects.order_by().values_list("month", flat=True).distinct())
    if today().weekday() == SUNDAY or not counted.issuperset(months[:-1]):
        count_months(months)
    else:
        count_months(months[-CHANGING:])
    LeadMonth.objects.exclude(month__in=months).delete()
    WorkMonth.objects.exclude(month__in=months).delete()
    due.schedule(NIGHT, 0, next_night(clock.now(), directory().zone))


def months_until(day: date) -> list[date]:
    """Return the first days of the months to count, oldest first: none before the first lead."""
    earliest = Job.objects.aggregate(first=Min("came_in_at"))["first"]
    first = earliest.astimezone(directory().zone).date().replace(day=1) if earliest else day.replace(day=1)
    months = [day.replace(day=1)]
    while len(months) < MONTHS and months[-1] > first:
        months.append(month_before(months[-1]).first)
    return months[::-1]


def count_months(months: Iterable[date]) -> None:
    """Count the leads and the work of these months."""
    for month in months:
        count_month(month)


@transaction.atomic
def count_month(month: date) -> None:
    """Replace the counts of one month. Each table takes one statement."""
    starts = [month]
    for _ahead in range(3):
        starts.append(next_month(starts[-1]))
    values: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "month": month,
        "start": midnight(month),
        **{f"age{place}": midnight(month) - timedelta(days=days) for place, days in enumerate(AGES)},
    }
    for place, (since, until) in enumerate(pairwise(starts)):
        values |= {f"since{place}": midnight(since), f"until{place}": midnight(until)}
    LeadMonth.objects.filter(month=month).delete()
    WorkMonth.objects.filter(month=month).delete()
    with connection.cursor() as cursor:
        cursor.execute(_LEADS, values)
        cursor.execute(_WORK, values)


_WON = """
    count(*) filter (where won_at >= %(since0)s and won_at < %(until0)s) as won,
    count(*) filter (where won_at >= %(since1)s and won_at < %(until1)s) as won_next,
    count(*) filter (where won_at >= %(since2)s and won_at < %(until2)s) as won_third,
    coalesce(sum(value) filter (where won_at >= %(since0)s and won_at < %(until0)s), 0)::bigint as won_value,
    coalesce(sum(value) filter (where won_at >= %(since1)s and won_at < %(until1)s), 0)::bigint as won_value_next,
    coalesce(sum(value) filter (where won_at >= %(since2)s and won_at < %(until2)s), 0)::bigint as won_value_third"""
# Open when the month began: in a step or without status, neither ended nor won. A lead that was won without having been
# in any step counts as one that came in later. Then those that came in from the beginning of the month on.
_LEADS = f"""
insert into reports_leadmonth (tenant_id, month, brand_id, pipeline_id, currency, phase_id, age, count, value, squares,
    won, won_next, won_third, won_value, won_value_next, won_value_third)
with stood as materialized (
    select job.id, job.brand_id, job.pipeline_id, job.currency, coalesce(job.value, 0) as value, lead.won_at,
        visit.stage_id, case when visit.entered_at > %(age0)s then 0 when visit.entered_at > %(age1)s then 1
            when visit.entered_at > %(age2)s then 2 else 3 end as age
    from jobs_stagevisit visit
    join jobs_job job on job.tenant_id = %(tenant)s and job.id = visit.job_id
    left join leads_lead lead on lead.tenant_id = %(tenant)s and lead.job_id = visit.job_id
    where visit.tenant_id = %(tenant)s and visit.entered_at < %(start)s
        and (visit.left_at >= %(start)s or visit.left_at is null)
        and (job.ended_at >= %(start)s or job.ended_at is null)
        and (lead.won_at >= %(start)s or lead.won_at is null)
), arrived as materialized (
    select job.brand_id, job.pipeline_id, job.currency, coalesce(job.value, 0) as value, lead.won_at,
        job.came_in_at < %(until0)s as is_of_month
    from jobs_job job
    left join leads_lead lead on lead.tenant_id = %(tenant)s and lead.job_id = job.id
    where job.tenant_id = %(tenant)s and job.came_in_at >= %(start)s and job.came_in_at < %(until2)s
        and (job.came_in_at < %(until0)s or lead.won_at < %(until2)s)
        and not exists (select from stood where stood.id = job.id)
)
select %(tenant)s, %(month)s, stood.brand_id, stood.pipeline_id, currency, coalesce(stage.phase_id, 0), age,
    count(*), sum(value)::bigint, sum(value::double precision * value), {_WON}
from stood left join jobs_stage stage on stage.tenant_id = %(tenant)s and stage.id = stood.stage_id
group by stood.brand_id, stood.pipeline_id, currency, coalesce(stage.phase_id, 0), age
union all
select %(tenant)s, %(month)s, brand_id, pipeline_id, currency, null, 0, count(*) filter (where is_of_month),
    coalesce(sum(value) filter (where is_of_month), 0)::bigint,
    coalesce(sum(value::double precision * value) filter (where is_of_month), 0), {_WON}
from arrived group by brand_id, pipeline_id, currency"""
# An appointment that was cancelled after the month began was booked then.
_WORK = """
insert into reports_workmonth (tenant_id, month, brand_id, pipeline_id, booked, booked_next, booked_third, worked,
    accepted)
with kept as (
    select visit.job_id, visit.starts_at, visit.state <> 'cancelled' as takes_place,
        visit.created_at < %(start)s and (visit.state <> 'cancelled' or visit.changed_at >= %(start)s) as is_booked,
        round(extract(epoch from visit.ends_at - visit.starts_at) / 60)
            * greatest(attending.members, 1) as minutes
    from jobs_appointment visit
    cross join lateral (
        select count(*) as members from jobs_attendance attendance
        where attendance.tenant_id = %(tenant)s and attendance.appointment_id = visit.id and not is_offered
    ) attending
    where visit.tenant_id = %(tenant)s and visit.starts_at >= %(since0)s and visit.starts_at < %(until2)s
), counted as (
    select job_id,
        case when is_booked and starts_at < %(until0)s then minutes else 0 end as booked,
        case when is_booked and starts_at >= %(since1)s and starts_at < %(until1)s then minutes else 0 end as next,
        case when is_booked and starts_at >= %(since2)s then minutes else 0 end as third,
        case when takes_place and starts_at < %(until0)s then minutes else 0 end as worked, 0 as accepted
    from kept
    union all
    select job_id, 0, 0, 0, 0, 1 from service_project
    where tenant_id = %(tenant)s and accepted_at >= %(since0)s and accepted_at < %(until0)s
)
select %(tenant)s, %(month)s, job.brand_id, job.pipeline_id, sum(booked)::integer, sum(next)::integer,
    sum(third)::integer, sum(worked)::integer, sum(accepted)::integer
from counted join jobs_job job on job.tenant_id = %(tenant)s and job.id = counted.job_id
group by job.brand_id, job.pipeline_id"""
