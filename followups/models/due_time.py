"""The due time of a follow-up: change it, and mark the follow-up as missed once the time has passed."""

from collections.abc import Sequence
from datetime import datetime

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due
from followups.models.event_data import cause_data, time_data
from followups.models.follow_up_row import UNDATED, FollowUpRow
from followups.models.status import FollowUpStatus

# The due work at the instant a follow-up is missed.
MISSED = "followup.miss"


def set_due_time(follow_up: FollowUpRow, due_at: datetime | None, *, by: Member | None, cause: str = "") -> None:
    """Give a locked follow-up another due time; it is planned again if it was started."""
    before = follow_up.due_at
    follow_up.due_at = due_at
    follow_up.sort_at = due_at or UNDATED
    follow_up.status = FollowUpStatus.PENDING
    data = time_data("from", before) | time_data("to", due_at) | cause_data(cause)
    follow_up.save_change("followup.rescheduled", by, data, "due_at", "sort_at", "status", "missed_at")
    schedule_miss(follow_up)
    follow_up.update_job(by)


def schedule_miss(follow_up: FollowUpRow) -> None:
    """Schedule one Due, at the instant it is missed. It is missed only once."""
    if follow_up.due_at and follow_up.missed_at is None:
        due.schedule(MISSED, follow_up.pk, follow_up.due_at)
    else:
        cancel_miss([follow_up])


def cancel_miss(follow_ups: Sequence[FollowUpRow]) -> None:
    due.cancel(MISSED, [row.pk for row in follow_ups])


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
