"""Plan the follow-ups of a step for many leads: for the lead's rep or who stands in for them, once each."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from crm.automation.notices import OWNER, addressed_members
from crm.automation.registry.triggers import Chosen
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job, Priority
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours, HoursError
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.bulk_plan import copy_if_earlier, save_new
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.sequences.engine.states import CAUSE
from followups.sequences.engine.walker import Walker
from followups.sequences.models.sequence import sequences_by_id

# The call that takes the place of a message no channel may carry.
CALL_INSTEAD: Chosen = {
    "kind": "call",
    "title": "",
    "who": OWNER,
    "count": 4,
    "unit": SpanUnit.WORKING_HOURS,
    "priority": Priority.HIGH,
}


def plan_tasks(walkers: Sequence[Walker], chosen: Chosen) -> dict[int, FollowUp]:
    """Plan the follow-up of a step for these leads; returns them by the enrolment's id. Idempotent by origin.

    A lead for which nobody is there to do it gets one without an assignee: the pool distributes it.
    """
    existing = {row.origin: row for row in FollowUp.objects.filter(origin__in=[walker.origin for walker in walkers])}
    fresh = [walker for walker in walkers if walker.origin not in existing]
    locked = Job.objects.select_for_update(no_key=True).filter(pk__in=[walker.job.pk for walker in fresh])
    jobs = {job.pk: job for job in locked.order_by("pk")}
    rows = [_build_task(walker, jobs[walker.job.pk], chosen) for walker in fresh]
    save_new(rows, by=None, cause=CAUSE)
    copy_if_earlier([(jobs[row.job_id or 0], row) for row in rows], by=None)
    by_origin = existing | {row.origin: row for row in rows}
    return {walker.row.pk: by_origin[walker.origin] for walker in walkers}


def _build_task(walker: Walker, job: Job, chosen: Chosen) -> FollowUp:
    kind = chosen["kind"]
    name = sequences_by_id()[walker.row.sequence_id].name
    member = _choose_assignee(chosen["who"], job)
    return FollowUp.build(
        kind=kind,
        subject=chosen["title"] or kinds().of(kind).label,
        due_at=due_time(chosen, walker.hours),
        job=job,
        priority=chosen["priority"],
        assignee_id=member.pk if member else None,
        notes=_("By the sequence “%(name)s”.") % {"name": name},
        origin=walker.origin,
        created_at=clock.now(),
    )


def due_time(chosen: Chosen, hours: BusinessHours | None, *, since: datetime | None = None) -> datetime:
    """Return when a follow-up of these options is due: the given delay from now on, moved into opening hours.

    `since`: another instant than now, to look ahead.
    """
    at = Span(chosen["count"], SpanUnit(chosen["unit"])).after(since or clock.now(), hours)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at


def _choose_assignee(who: str, job: Job) -> Member | None:
    """Return the assignee: the first member who is present, or the cover of an absent one; None without candidates."""
    members = addressed_members(who, job.member_id)
    setup = assignment_setup()
    now = clock.now()
    for member in members:
        absence = setup.absence_of(member.pk, now)
        if absence is None:
            return member
        cover = directory().members.get(absence.cover_id or 0)
        if cover and cover.active:
            return cover
    return next(iter(members), None)
