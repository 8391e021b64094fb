"""Complete, cancel and reopen a follow-up whose row is locked."""

from collections.abc import Sequence

from crm.jobs.models import CONTACTS, ContactOutcome, Job
from crm.kernel import clock
from crm.platform.models import Member
from followups.models.due_time import cancel_miss, mark_missed, schedule_miss
from followups.models.event_data import cause_data
from followups.models.follow_up_row import FollowUpRow
from followups.models.job_next_step import CAUSE
from followups.models.status import FollowUpOutcome, FollowUpStatus


def complete_follow_up(
    follow_up: FollowUpRow, outcome: FollowUpOutcome, *, by: Member | None, note: str = "", cause: str = ""
) -> None:
    """Complete it. Without a `cause`, which has recorded the contact itself, the contact is recorded on the job."""
    follow_up.status = FollowUpStatus.COMPLETED
    follow_up.outcome = outcome
    follow_up.completed_at = clock.now()
    follow_up.completed_by = by
    mark_missed([follow_up])
    follow_up.add_note(note)
    columns = ("status", "outcome", "completed_at", "completed_by", "missed_at", "notes")
    data = {"kind": follow_up.kind, "outcome": outcome} | cause_data(cause)
    follow_up.save_change("followup.completed", by, data, *columns)
    cancel_miss([follow_up])
    if not cause:
        _record_contact(follow_up, by, note)
    follow_up.update_job(by)


def cancel_follow_up(follow_up: FollowUpRow, *, by: Member | None, cause: str = "") -> None:
    mark_missed([follow_up])
    follow_up.status = FollowUpStatus.CANCELLED
    data = {"kind": follow_up.kind} | cause_data(cause)
    follow_up.save_change("followup.cancelled", by, data, "status", "missed_at")
    cancel_miss([follow_up])
    follow_up.update_job(by)


def reopen_follow_up(follow_up: FollowUpRow, following: Sequence[FollowUpRow], *, by: Member | None) -> None:
    """Reopen it, withdraw the contact its completion recorded, and cancel those of `following`, which are locked."""
    if follow_up.job_id and follow_up.completed_at:
        Job.objects.get(pk=follow_up.job_id).withdraw_contact(follow_up.completed_at)
    follow_up.status = FollowUpStatus.PENDING
    follow_up.outcome = ""
    follow_up.completed_at = None
    follow_up.completed_by = None
    columns = ("status", "outcome", "completed_at", "completed_by")
    follow_up.save_change("followup.reopened", by, {"kind": follow_up.kind}, *columns)
    schedule_miss(follow_up)
    for row in following:
        cancel_follow_up(row, by=by)
    follow_up.update_job(by)


def contact_outcome(kind: str, outcome: str) -> str:
    """Return the outcome of the contact that a completed follow-up was for; "" without a contact or attempt."""
    outcomes = CONTACTS.get(kind, ())
    is_attempt = outcome in (FollowUpOutcome.NO_ANSWER, FollowUpOutcome.WRONG_TIME)
    if not outcomes or not (is_attempt or outcome == FollowUpOutcome.SUCCESSFUL):
        return ""
    if is_attempt and ContactOutcome.NO_ANSWER in outcomes:
        return ContactOutcome.NO_ANSWER
    return outcomes[0]


def _record_contact(follow_up: FollowUpRow, by: Member | None, note: str) -> None:
    """Record on the job that a member contacted the customer, or tried to."""
    outcome = contact_outcome(follow_up.kind, follow_up.outcome)
    if follow_up.job_id and outcome:
        job = Job.objects.get(pk=follow_up.job_id)
        job.contact(follow_up.kind, outcome, by=by, note=note, at=follow_up.completed_at, cause=CAUSE)
