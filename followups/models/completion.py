"""Start, complete, cancel and reopen follow-ups whose rows are locked; a verb on one row calls the same functions."""

from collections.abc import Sequence
from typing import Any

from crm.jobs.models import CONTACTS, ContactOutcome, Job
from crm.jobs.models.contact import ContactDraft
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.models.due_time import cancel_due_work, mark_missed, schedule_due_work
from followups.models.event_data import cause_data
from followups.models.follow_up_row import FollowUpRow
from followups.models.job_next_step import CAUSE, jobs_showing
from followups.models.notes.follow_up_note import add_notes
from followups.models.status import FollowUpOutcome, FollowUpStatus

_COMPLETION = ("status", "outcome", "completed_at", "completed_by_id")


def start_all(rows: Sequence[FollowUpRow], *, by: Member | None) -> None:
    """Mark them as started."""
    for row in rows:
        row.status = FollowUpStatus.IN_PROGRESS
    FollowUpRow.save_changes("followup.started", [(row, {}) for row in rows], "status", by=by)


def stop_all(rows: Sequence[FollowUpRow], *, by: Member | None) -> None:
    """Mark started ones as planned again."""
    for row in rows:
        row.status = FollowUpStatus.PENDING
    FollowUpRow.save_changes("followup.stopped", [(row, {}) for row in rows], "status", by=by)


def complete_all(
    rows: Sequence[FollowUpRow],
    outcome: FollowUpOutcome,
    *,
    by: Member | None,
    note: str = "",
    cause: str = "",
    contact: str | None = None,
) -> None:
    """Complete them. Without a `cause`, which has recorded the contact itself, the contact is recorded on the job.

    `note`: what came of it, a note of whoever completes them. `contact`: its outcome, "" for no contact; by default
    what the outcome of the follow-up says.
    """
    if not rows:
        return
    mark_missed(rows)
    now = clock.now()
    for row in rows:
        row.status = FollowUpStatus.COMPLETED
        row.outcome = outcome
        row.completed_at = now
        row.completed_by = by
    changes = [(row, {"kind": row.kind, "outcome": outcome} | cause_data(cause)) for row in rows]
    FollowUpRow.save_changes("followup.completed", changes, *_COMPLETION, "missed_at", by=by)
    cancel_due_work(rows)
    contacts = {}
    if not cause:
        contacts = {row.pk: ended for row in rows if (ended := _contact_of(row, contact))}
    add_notes(rows, note, by=by, silent_ids=contacts)
    drafts = [_contact_draft(row, contacts[row.pk]) for row in rows if row.pk in contacts]
    Job.contact_all(drafts, by=by, note=note, cause=CAUSE)
    rows[0].update_jobs(rows, by=by)


def cancel_all(rows: Sequence[FollowUpRow], *, by: Member | None, cause: str = "") -> None:
    """Cancel them; `cause`: the event that made them unnecessary."""
    if not rows:
        return
    mark_missed(rows)
    for row in rows:
        row.status = FollowUpStatus.CANCELLED
    changes = [(row, {"kind": row.kind} | cause_data(cause)) for row in rows]
    FollowUpRow.save_changes("followup.cancelled", changes, "status", "missed_at", by=by)
    cancel_due_work(rows)
    jobs = jobs_showing((row.job_id, (str(row.kind), row.subject, row.due_at)) for row in rows if row.job_id)
    rows[0].update_jobs([row for row in rows if row.job_id in jobs], by=by)


def reopen_all(rows: Sequence[FollowUpRow], following: Sequence[FollowUpRow], *, by: Member | None) -> None:
    """Reopen them, withdraw the contacts their completion recorded, and cancel those of `following`, also locked."""
    if not rows:
        return
    Job.withdraw_contacts([(row.job_id, row.completed_at) for row in rows if row.job_id and row.completed_at])
    for row in rows:
        row.status = FollowUpStatus.PENDING
        row.outcome = ""
        row.completed_at = None
        row.completed_by = None
    FollowUpRow.save_changes("followup.reopened", [(row, {"kind": row.kind}) for row in rows], *_COMPLETION, by=by)
    schedule_due_work(rows)
    cancel_all(following, by=by)
    rows[0].update_jobs(rows, by=by)


def close_again(rows: Sequence[FollowUpRow], closed: Sequence[dict[str, Any]], *, by: Member | None) -> None:
    """Close reopened ones as they were, given the columns of each: its reopening is undone."""
    if not rows:
        return
    for row, values in zip(rows, closed, strict=True):
        for name, value in values.items():
            setattr(row, name, value)
    completed = [row for row in rows if row.status == FollowUpStatus.COMPLETED]
    cancelled = [row for row in rows if row.status == FollowUpStatus.CANCELLED]
    completions = [(row, {"kind": row.kind, "outcome": row.outcome}) for row in completed]
    FollowUpRow.save_changes("followup.completed", completions, *_COMPLETION, by=by)
    FollowUpRow.save_changes("followup.cancelled", [(row, {"kind": row.kind}) for row in cancelled], "status", by=by)
    cancel_due_work(rows)
    members = directory().members
    drafts = [
        _contact_draft(row, ended)._replace(by=members.get(row.completed_by_id or 0))
        for row in completed
        if (ended := _contact_of(row))
    ]
    Job.contact_all(drafts, by=None, cause=CAUSE)
    rows[0].update_jobs(rows, by=by)


def contact_outcome(kind: str, outcome: str) -> str:
    """Return the outcome of the contact that a completed follow-up was for; "" without a contact or attempt."""
    outcomes = CONTACTS.get(kind, ())
    is_attempt = outcome in (FollowUpOutcome.NO_ANSWER, FollowUpOutcome.WRONG_TIME)
    if not outcomes or not (is_attempt or outcome == FollowUpOutcome.SUCCESSFUL):
        return ""
    if is_attempt and ContactOutcome.NO_ANSWER in outcomes:
        return ContactOutcome.NO_ANSWER
    return outcomes[0]


def _contact_of(follow_up: FollowUpRow, contact: str | None = None) -> str:
    """Return the outcome of the contact with the customer of its job; "" for none. `contact`: as `complete_all`."""
    if not follow_up.job_id:
        return ""
    if contact is not None and contact in CONTACTS.get(follow_up.kind, ()):
        return contact
    return contact_outcome(follow_up.kind, follow_up.outcome)


def _contact_draft(follow_up: FollowUpRow, outcome: str) -> ContactDraft:
    """Return the contact that a member had with the customer of its job, or tried to have."""
    return ContactDraft(follow_up.job_id or 0, follow_up.kind, outcome, follow_up.completed_at or clock.now())
