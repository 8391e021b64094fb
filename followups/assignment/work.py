"""Follow-ups as a kind of work for the assignment engine: an open unassigned one waits for a member.

One of a lead that nobody has goes with its lead: who gets that gets both (follow_owner.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.assignment.work import AssignableWork, MemberLoad, WorkFacts
from crm.jobs.models import Job
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock, formats
from crm.people.models import Property
from crm.platform.models import Member
from followups.models import FollowUp

KIND = "followups"
# What is due later than this weighs as little as what waits on the customer.
SOON = timedelta(days=1)


def _unassigned_rows() -> Any:
    unclaimed = Job.objects.open().filter(pk=OuterRef("job_id"), member=None)
    return FollowUp.objects.open().filter(~Exists(unclaimed), assignee=None).by_time()


def _open_rows_of(member: Member) -> Any:
    return FollowUp.objects.open().filter(assignee=member)


def _member_loads() -> Mapping[int, MemberLoad]:
    soon = Q(sort_at__lt=clock.now() + SOON)
    assigned = FollowUp.objects.open().filter(assignee__isnull=False).order_by().values_list("assignee_id")
    counts = assigned.annotate(ours=Count("pk", filter=soon), waiting=Count("pk", filter=~soon))
    return {member_id: MemberLoad(ours, waiting) for member_id, ours, waiting in counts}


def read_facts(rows: Sequence[FollowUp]) -> list[WorkFacts]:
    """Return the facts of follow-ups that rule conditions use. Two queries."""
    jobs = Job.objects.in_bulk({row.job_id for row in rows if row.job_id})
    sites = Property.objects.in_bulk({job.site_id for job in jobs.values() if job.site_id})
    now = clock.now()
    return [_build_facts(row, jobs.get(row.job_id), sites, now) for row in rows]


def _build_facts(row: FollowUp, job: Job | None, sites: Mapping[int, Property], now: datetime) -> WorkFacts:
    site = None
    if job and job.site_id:
        site = sites.get(job.site_id)
    return WorkFacts(
        row,
        member_id=row.assignee_id,
        brand_id=job.brand_id if job else None,
        priority=row.priority,
        source_id=job.source_id if job else None,
        value=formats.whole_units(job.value, job.currency) if job and job.value else None,
        is_sold=job is not None and job.is_sold,
        postal_code=site.postcode if site else "",
        state=site.region if site else "",
        knows_id=job.member_id if job else None,
        is_waiting=_can_wait(row, now),
        came_at=row.created_at,
    )


def _can_wait(row: FollowUp, now: datetime) -> bool:
    """True if it is not due soon or, with an absent assignee, not due before their return."""
    absence = None
    if row.assignee_id:
        absence = assignment_setup().absence_of(row.assignee_id, now)
    if absence is None:
        return bool(row.sort_at >= now + SOON)
    return row.due_at is None or bool(absence.ends_at and row.due_at >= absence.ends_at)


def _assign_all(pairs: Sequence[tuple[FollowUp, Member | None]], cause: str) -> None:
    FollowUp.assign_all([(row, member.pk if member else None) for row, member in pairs], by=None, cause=cause)


def _recent_rows(count: int) -> Iterable[FollowUp]:
    return list(FollowUp.objects.order_by("-pk")[:count])


FOLLOW_UPS = AssignableWork(
    kind=KIND,
    label=_("Follow-ups"),
    model=FollowUp,
    permission="followups.work",
    queue=_unassigned_rows,
    held=_open_rows_of,
    loads=_member_loads,
    facts=read_facts,
    assign_all=_assign_all,
    recent=_recent_rows,
    has_sources=True,
)
