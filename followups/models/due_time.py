"""The due time of a follow-up: change it, schedule what happens by it, and mark the follow-up as missed."""

from collections.abc import Sequence
from datetime import datetime

from crm.kernel import clock
from crm.platform.database.batch import batch
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due
from followups.models.event_data import cause_data, time_data
from followups.models.follow_up_row import UNDATED, FollowUpRow
from followups.models.reminder_plan import drop_reminders, plan_reminders
from followups.models.status import FollowUpStatus

# The due work at the instant a follow-up is missed.
MISSED = "followup.miss"


def set_due_times(times: Sequence[tuple[FollowUpRow, datetime | None]], *, by: Member | None, cause: str = "") -> None:
    """Give locked follow-ups other due times; those that were started are planned again."""
    if not times:
        return
    changes = []
    for row, due_at in times:
        data = time_data("from", row.due_at) | time_data("to", due_at) | cause_data(cause)
        changes.append((row, data))
        row.due_at = due_at
        row.sort_at = due_at or UNDATED
        row.status = FollowUpStatus.PENDING
    FollowUpRow.save_changes("followup.rescheduled", changes, "due_at", "sort_at", "status", "missed_at", by=by)
    rows = [row for row, _due_at in times]
    schedule_due_work(rows)
    rows[0].update_jobs(rows, by=by)


def schedule_due_work(rows: Sequence[FollowUpRow], *, are_new: bool = False) -> None:
    """Schedule the instant at which each of these open follow-ups is missed, once only, and its reminders."""
    to_come = [(row.pk, row.due_at) for row in rows if row.due_at and row.missed_at is None]
    over = [row.pk for row in rows if row.due_at is None or row.missed_at is not None]
    with batch():
        due.schedule_all(MISSED, to_come)
        due.cancel(MISSED, over)
        plan_reminders(rows, are_new=are_new)


def cancel_due_work(rows: Sequence[FollowUpRow]) -> None:
    """Cancel what is scheduled for these follow-ups: they are closed."""
    with batch():
        drop_reminders(rows)
        due.cancel(MISSED, [row.pk for row in rows])


def mark_missed(follow_ups: Sequence[FollowUpRow]) -> None:
    """Mark late follow-ups as missed at the time they were due, and record it. The caller saves them.

    Those marked already stay as they are.
    """
    now = clock.now()
    late = [row for row in follow_ups if row.missed_at is None and row.due_at is not None and row.due_at < now]
    for row in late:
        row.missed_at = row.due_at
    facts = [EventDraft("followup.missed", row, {"kind": row.kind}, job_id=row.job_id, at=row.due_at) for row in late]
    events.record_all(facts, by=None)
