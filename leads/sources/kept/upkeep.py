"""Maintain the stored days of the report: events of leads mark the days they came in as stale."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work.kept_days import KeptDays
from leads.models import SourceDay
from leads.response import first_contact
from leads.sources.kept.computation import keep

REFRESH = "leads.source_days"
# After these a lead may count otherwise: where it is from, what it is worth, whether it was won, why it was lost, and
# how soon somebody was in touch. How far it came is told by who notes that (leads/sources/funnel.py).
EVENTS = tuple(
    {
        *("job.opened", "job.filled_in", "job.corrected", "job.undone", "job.reopened", "job.finished"),
        *("job.lost", "job.dropped", "lead.received", "lead.won", "lead.win_withdrawn", "lead.filled_in"),
        *("lead.estimated", *first_contact.EVENTS),
    }
)
DAYS = KeptDays(SourceDay, REFRESH, keep)


# After these a lead may be another customer's, or the first of one who has others.
OF_WHOM = frozenset({"job.opened", "job.corrected", "job.filled_in", "lead.filled_in"})


def hear(heard: Sequence[Event]) -> None:
    """Mark as stale the days on which the leads of these events came in (subscriber)."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for event in heard:
        if event.job_id or event.subject_kind == "jobs.job":
            kinds[event.job_id or event.subject_id].add(event.kind)
    _mark_stale(kinds, [pk for pk, its in kinds.items() if its & OF_WHOM])


def hear_of_people(heard: Sequence[Event]) -> None:
    """Mark as stale the days of the leads of people who were merged or unmerged (subscriber)."""
    people = {pk for event in heard for pk in (event.subject_id, event.data.get("merged")) if pk}
    _mark_stale(Job.objects.filter(person_id__in=people).values_list("pk", flat=True), ())


def note_jobs(job_ids: Collection[int]) -> None:
    """Mark as stale the days on which these leads, and their customers' other leads, came in."""
    _mark_stale(job_ids, job_ids)


def _mark_stale(job_ids: Iterable[int], with_others: Iterable[int]) -> None:
    values: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "zone": directory().tenant.time_zone,
        "jobs": sorted(job_ids),
        "with_others": sorted(with_others),
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        is_news = cursor.rowcount > 0
    if is_news:
        DAYS.schedule()


def begin() -> None:
    """Schedule computing an organization's past days if none are stored yet; called after each migration."""
    if not SourceDay.objects.exists():
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"tenant": required_tenant_id(), "zone": directory().tenant.time_zone}
            cursor.execute(
                "select min(came_in_at at time zone %(zone)s)::date from jobs_job where tenant_id = %(tenant)s", values
            )
            (first,) = cursor.fetchone() or (None,)
        if first:
            today = clock.now().astimezone(directory().zone).date()
            DAYS.note([date.fromordinal(one) for one in range(first.toordinal(), today.toordinal() + 1)])


# In the order of their days, so that two who note the same ones never wait for each other in a circle. With the days
# of the customer's other leads: whether a lead is of somebody we had before hangs on those.
_NOTE = """
insert into leads_sourceday (tenant_id, day, stale_since)
select distinct %(tenant)s::bigint, (found.at at time zone %(zone)s)::date as day, %(now)s::timestamptz
from (
    select came_in_at from jobs_job where tenant_id = %(tenant)s and id = any(%(jobs)s)
    union all
    select other.came_in_at from jobs_job one
    join jobs_job other on other.tenant_id = one.tenant_id and other.person_id = one.person_id
    where one.tenant_id = %(tenant)s and one.id = any(%(with_others)s)
) as found (at)
order by day
on conflict (tenant_id, day) do update set stale_since = excluded.stale_since
where leads_sourceday.stale_since is null"""
