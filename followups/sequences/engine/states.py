"""End, pause and resume locked enrolments, many at once: rows, due work, open follow-ups and events."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comms.models import Message
from comms.outbox import send_results
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due
from followups.models import FollowUp
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, EnrolmentStep, PauseReason
from followups.sequences.models.step_record import step_origin

# The due work that goes on with an enrolment.
STEP = "sequence.step"
# The cause in the events of follow-ups that are cancelled with their enrolment.
CAUSE = "sequence"
# Ends after which a message that waits for its hour still leaves.
GOING_ON = (EndReason.FINISHED, EndReason.MOVED)
_STATE = ("state", "position", "begun_at", "next_at", "calendar_id", "task_id", "wrote_at")
_PAUSE = ("pause_reason", "paused_until")
_END = ("ended_at", "end_reason", "ended_by_id", "end_cause")
COLUMNS = (*_STATE, *_PAUSE, *_END)


def save_enrolments(rows: Sequence[Enrolment]) -> None:
    """Save all that the engine changes, and schedule when each goes on."""
    bulk_write.save_all(rows, COLUMNS)
    times = [(row.pk, at) for row in rows if (at := wake_time(row)) is not None]
    due.schedule_all(STEP, times)
    due.cancel(STEP, [row.pk for row in rows if wake_time(row) is None])


def wake_time(row: Enrolment) -> datetime | None:
    """Return when the engine looks at an enrolment next; None if something else has to happen first."""
    if row.state == EnrolmentState.PAUSED:
        return row.paused_until
    if row.state == EnrolmentState.ACTIVE:
        return row.next_at
    return None


def end_enrolments(ends: Sequence[tuple[Enrolment, EndReason, Mapping[str, Any]]], *, by: Member | None = None) -> None:
    """End locked enrolments, each with its reason and cause. Their open follow-ups and waiting messages go."""
    if not ends:
        return
    now = clock.now()
    tasks = []
    for row, reason, cause in ends:
        if row.task_id:
            tasks.append(row.task_id)
        row.state = EnrolmentState.ENDED
        row.ended_at = now
        row.end_reason = reason
        row.end_cause = dict(cause)
        row.ended_by = by
        row.next_at = None
        row.task_id = None
        row.calendar_id = None
        row.pause_reason = ""
        row.paused_until = None
    rows = [row for row, _reason, _cause in ends]
    save_enrolments(rows)
    events.record_all(
        [
            EventDraft(
                "sequence.ended",
                row,
                {"sequence": row.sequence_id, "reason": row.end_reason},
                # One that goes on in another version has not ended for the lead.
                job_id=None if row.end_reason == EndReason.MOVED else row.timeline_job_id,
            )
            for row in rows
        ],
        by=by,
    )
    for task in FollowUp.objects.open().filter(pk__in=tasks).order_by("job_id", "pk"):
        task.cancel(by=by, cause=CAUSE)
    drop_waiting_messages([row for row in rows if row.end_reason not in GOING_ON])


def pause_enrolments(
    rows: Sequence[Enrolment], reason: PauseReason, until: datetime | None, *, by: Member | None
) -> None:
    """Pause locked enrolments. A follow-up that waits stays; a wait goes on counting."""
    changed = []
    for row in rows:
        if (row.pause_reason, row.paused_until) != (reason, until):
            changed.append(row)
        row.state = EnrolmentState.PAUSED
        row.pause_reason = reason
        row.paused_until = until
    save_enrolments(rows)
    events.record_all(
        [
            EventDraft(
                "sequence.paused",
                row,
                {"sequence": row.sequence_id, "reason": reason, "until": until.isoformat() if until else None},
                job_id=row.timeline_job_id,
            )
            for row in changed
        ],
        by=by,
    )


def resume_rows(rows: Sequence[Enrolment], *, by: Member | None) -> None:
    """Let locked, paused enrolments go on: at the end of their wait, or now if that has passed."""
    now = clock.now()
    for row in rows:
        row.state = EnrolmentState.ACTIVE
        row.pause_reason = ""
        row.paused_until = None
        if row.next_at is not None and row.next_at < now:
            row.next_at = now
    save_enrolments(rows)
    events.record_all(
        [
            EventDraft("sequence.resumed", row, {"sequence": row.sequence_id}, job_id=row.timeline_job_id)
            for row in rows
        ],
        by=by,
    )


def drop_waiting_messages(rows: Sequence[Enrolment]) -> None:
    """Drop the messages of enrolments that wait for their hour or for a member."""
    steps = EnrolmentStep.objects.filter(enrolment__in=rows, data__has_key="medium")
    origins = [step_origin(*place) for place in steps.values_list("enrolment_id", "position")]
    if not origins:
        return
    waiting = Message.objects.filter(origin__in=origins, state__in=Message.WAITING)
    for message in waiting.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        send_results.record_drop(message, _("The lead has left the sequence."))


def soon() -> datetime:
    """Return an instant behind everything that is due now, for work that goes on in slices."""
    return clock.now() + timedelta(microseconds=1)
