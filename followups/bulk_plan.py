"""Plan the same follow-up for many leads or customers: `FollowUp.plan` and the update of the jobs in bulk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.bulk.verbs import plan_next_each
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Change, Member
from crm.platform.undo import UndoResult
from followups.assignment.template_plan import assignee_id_of, due_time
from followups.models import FollowUp, FollowUpTemplate
from followups.models.due_time import schedule_due_work
from followups.models.event_data import cause_data, planned_data
from followups.models.follow_up import clean_subject
from followups.models.follow_up_undo import PLANNED
from followups.models.job_next_step import CAUSE


@dataclass(frozen=True)
class PlanContent:
    """What to plan for each: `due_at` by assignee, and the assignee by the owner of the lead or customer."""

    kind: str
    subject: str
    due_at: Callable[[int | None], datetime]
    assignee_id: Callable[[int | None], int]
    notes: str = ""
    priority: int | None = None
    template: FollowUpTemplate | None = None

    @property
    def details(self) -> dict[str, Any]:
        """Return how long it takes and its reminders, where the template says so."""
        if self.template is None:
            return {}
        return {"own_minutes": self.template.own_minutes, "own_reminders": self.template.own_reminders}


def content_of_line(kind: str, subject: str, due_at: datetime, by: Member) -> PlanContent:
    """Return the content of a typed line: one time for all, assigned to the owner, else to the acting member."""
    subject = clean_subject(subject, kind)
    return PlanContent(kind, subject, lambda _member_id: due_at, lambda owner_id: owner_id or by.pk)


def content_of_template(template: FollowUpTemplate, by: Member) -> PlanContent:
    """Return the content of a template; working days are those of each assignee."""
    now = clock.now()
    return PlanContent(
        template.kind,
        template.subject,
        lambda member_id: due_time(template, now, member_id),
        lambda owner_id: assignee_id_of(template, owner_id, by),
        template.notes,
        template.priority,
        template,
    )


def build_for_jobs(jobs: Iterable[Job], content: PlanContent, *, by: Member, at: datetime) -> list[FollowUp]:
    """Build the unsaved follow-ups of these jobs. `at`: one instant for all, by which they are taken back together."""
    return [_build(content, job.member_id, by, at, content.priority or job.priority, job=job) for job in jobs]


def build_for_people(ids: Sequence[int], content: PlanContent, *, by: Member, at: datetime) -> list[FollowUp]:
    """Build the unsaved follow-ups of these customers; the owner of one is that of their newest open lead."""
    newest = Job.objects.filter(person_id__in=ids, state="open").order_by("person_id", "-pk").distinct("person_id")
    owners = dict(newest.values_list("person_id", "member_id"))
    priority = content.priority or Priority.NORMAL
    return [_build(content, owners.get(pk), by, at, priority, person_id=pk) for pk in ids]


def _build(
    content: PlanContent, owner_id: int | None, by: Member, at: datetime, priority: int, **about: object
) -> FollowUp:
    assignee_id = content.assignee_id(owner_id)
    return FollowUp.build(
        kind=content.kind,
        subject=content.subject,
        due_at=content.due_at(assignee_id),
        notes=content.notes,
        priority=priority,
        assignee_id=assignee_id,
        template=content.template,
        **content.details,
        created_at=at,
        created_by=by,
        **about,  # type: ignore[arg-type]
    )


@transaction.atomic
def plan_many(job_ids: Sequence[int], *, kind: str, subject: str, due_at: datetime, by: Member) -> list[FollowUp]:
    """Plan the follow-up for each open job, assigned to the job's member, else to the acting member."""
    return plan_for_jobs(job_ids, content_of_line(kind, subject, due_at, by), by=by)


@transaction.atomic
def plan_for_jobs(job_ids: Sequence[int], content: PlanContent, *, by: Member) -> list[FollowUp]:
    """Plan for each open job, and show it as the job's next step where it is the earliest."""
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids, state="open").order_by("pk"))
    planned = _save_planned(build_for_jobs(jobs, content, by=by, at=clock.now()), by)
    copy_if_earlier(zip(jobs, planned, strict=True), by=by)
    return planned


@transaction.atomic
def plan_for_people(person_ids: Sequence[int], content: PlanContent, *, by: Member) -> list[FollowUp]:
    """Plan for each customer."""
    return _save_planned(build_for_people(person_ids, content, by=by, at=clock.now()), by)


def save_new(rows: Sequence[FollowUp], *, by: Member | None, cause: str = "") -> None:
    """Save new follow-ups, with their events and their due work."""
    bulk_write.create_all(rows)
    drafts = [EventDraft(PLANNED, row, planned_data(row) | cause_data(cause), job_id=row.job_id) for row in rows]
    events.record_all(drafts, by=by)
    schedule_due_work(rows, are_new=True)


def copy_if_earlier(planned: Iterable[tuple[Job, FollowUp]], *, by: Member | None) -> None:
    """Copy each new follow-up to its locked job, where it is earlier than the job's next step. Two statements."""
    steps = [(job, (str(row.kind), row.subject, row.due_at)) for job, row in planned]
    earlier = [(job, step) for job, step in steps if not job.next_step_kind or _is_earlier(step[2], job.next_step_at)]
    plan_next_each(earlier, by=by, cause=CAUSE)


def _save_planned(rows: Sequence[FollowUp], by: Member) -> list[FollowUp]:
    """Save new follow-ups, with one undo for all."""
    save_new(rows, by=by)
    if rows:
        undo.record_created(PLANNED, rows, by=by, at=rows[0].created_at)
    return list(rows)


def _is_earlier(at: datetime | None, than: datetime | None) -> bool:
    return than is None or (at is not None and at < than)


def change_of(planned: Sequence[FollowUp], *, by: Member) -> Change | None:
    """Return the saved undo of follow-ups that were planned together."""
    if not planned:
        return None
    return Change.objects.filter(kind=PLANNED, member=by, at=planned[0].created_at).first()


def take_back(at: datetime, *, by: Member) -> UndoResult:
    """Cancel what a member planned at that instant, except what was changed since (FollowUp.undo_all).

    Raises Refused when it is too late, all were changed, or it was undone already.
    """
    change = Change.objects.filter(kind=PLANNED, member=by, at=at).first()
    if change is None:
        raise Refused(_("This can no longer be undone."))
    if change.undone_at:
        raise Refused(_("It was changed in the meantime and can’t be undone."))
    return undo.undo_change(change.uid, by=by)
