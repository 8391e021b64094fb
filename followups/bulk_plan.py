"""Plan the same follow-up for many leads: `FollowUp.plan` and the update of the jobs in bulk."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.bulk.verbs import plan_next_all
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Change, Member
from crm.platform.undo import UndoResult
from crm.platform.work import due
from followups.models import FollowUp
from followups.models.due_time import MISSED
from followups.models.event_data import planned_data
from followups.models.follow_up import clean_subject
from followups.models.follow_up_undo import PLANNED
from followups.models.job_next_step import CAUSE


@transaction.atomic
def plan_many(job_ids: Sequence[int], *, kind: str, subject: str, due_at: datetime, by: Member) -> list[FollowUp]:
    """Plan the follow-up for each open job, assigned to the job's member, else to the acting member."""
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids, state="open").order_by("pk"))
    now = clock.now()
    subject = clean_subject(subject, kind)
    rows = [
        FollowUp.build(
            kind=kind,
            subject=subject,
            due_at=due_at,
            job=job,
            priority=job.priority,
            assignee_id=job.member_id or by.pk,
            # One instant for all, by which they are taken back together.
            created_at=now,
            created_by=by,
        )
        for job in jobs
    ]
    made: list[FollowUp] = FollowUp.objects.bulk_create(rows)
    events.record_all([EventDraft(PLANNED, row, planned_data(row), job_id=row.job_id) for row in made], by=by)
    due.schedule_all(MISSED, [(row.pk, due_at) for row in made])
    first = [job for job in jobs if not job.next_step_kind or job.next_step_at is None or due_at < job.next_step_at]
    plan_next_all(first, kind=kind, label=subject, at=due_at, by=by, cause=CAUSE)
    undo.record_created(PLANNED, made, by=by, at=now)
    return made


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
