"""What members do with enrolments: stop, pause, resume, skip a wait, take back an end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from followups.sequences.definition import SequenceWait
from followups.sequences.engine.held_back import release_messages
from followups.sequences.engine.states import end_enrolments, pause_enrolments, resume_rows, save_enrolments
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, EnrolmentStep, PauseReason
from followups.sequences.models.enrolment import ENTERED, VERSION_MOVED
from followups.sequences.moving.moves import take_back_moves
from followups.sequences.stop_reasons import StopReason


@transaction.atomic
def stop_enrolments(ids: Sequence[int], *, by: Member | None, reason: EndReason = EndReason.STOPPED) -> int:
    """Stop enrolments. Their open follow-ups are cancelled. Idempotent. Returns how many were inside."""
    rows = Enrolment.lock_all(Enrolment.objects.inside().filter(pk__in=ids))
    end_enrolments([(row, reason, {}) for row in rows], by=by)
    return len(rows)


@transaction.atomic
def stop_enrolment(enrolment: Enrolment, *, by: Member | None, why: str = "") -> None:
    """Stop one enrolment for a `StopReason`. Idempotent. Raises Refused for a reason that is not one."""
    if why and why not in StopReason.values:
        raise Refused(_("Choose one of these."))
    enrolment.lock()
    if enrolment.is_inside:
        end_enrolments([(enrolment, EndReason.STOPPED, {"why": why} if why else {})], by=by)


@transaction.atomic
def skip_wait(enrolment: Enrolment, *, by: Member | None) -> None:
    """End the wait at which an enrolment stands: it goes on now. Raises Refused if it does not wait."""
    enrolment.lock()
    _check_inside(enrolment)
    step = enrolment.version.nodes[enrolment.position]
    if not isinstance(step.step, SequenceWait) or enrolment.next_at is None:
        raise Refused(_("It does not wait now."))
    if enrolment.state != EnrolmentState.ACTIVE:
        raise Refused(_("It is paused. Resume it first."))
    enrolment.next_at = clock.now()
    save_enrolments([enrolment])
    data = {"sequence": enrolment.sequence_id}
    events.record("sequence.wait_skipped", subject=enrolment, by=by, data=data, job_id=enrolment.timeline_job_id)


@transaction.atomic
def undo_entries_or_ends(sender: object, *, rows: list[Enrolment], kind: str, by: Member, **_more: object) -> None:
    """Undo what members did: end what they let enter, put back what they stopped or moved.

    Receives `enrolments_undone`.
    """
    if kind == ENTERED:
        end_enrolments([(row, EndReason.UNDONE, {}) for row in rows if row.is_inside], by=by)
        return
    if kind == VERSION_MOVED:
        take_back_moves(rows, by=by)
        return
    _take_back_ends(rows, by=by)


@transaction.atomic
def pause_enrolment(
    enrolment: Enrolment, *, until: datetime | None, by: Member | None, reason: PauseReason = PauseReason.HAND
) -> None:
    """Pause an enrolment until a time, or until a member resumes it. Idempotent.

    Raises Refused for one that is over, and for a time that has passed.
    """
    enrolment.lock()
    _check_inside(enrolment)
    if until is not None and until <= clock.now():
        raise Refused(_("Choose a day and time in the future."))
    pause_enrolments([enrolment], reason, until, by=by)


@transaction.atomic
def resume_enrolment(enrolment: Enrolment, *, by: Member | None) -> None:
    """Let a paused enrolment go on. Idempotent. Raises Refused for one that is over."""
    enrolment.lock()
    _check_inside(enrolment)
    if enrolment.state == EnrolmentState.PAUSED:
        resume_rows([enrolment], by=by)
        release_messages([enrolment.person_id])


@transaction.atomic
def take_back_end(enrolment: Enrolment, *, by: Member | None) -> None:
    """Put a lead back where it was when it left. What was before counts no more: it goes on as if it entered now.

    Idempotent. Raises Refused if it was at the end or moved, or if another sequence holds the customer.
    """
    enrolment.lock()
    for why in Enrolment.refusals_to_return([enrolment]).values():
        raise Refused(why)
    _take_back_ends([enrolment], by=by)


def _take_back_ends(rows: Sequence[Enrolment], *, by: Member | None) -> None:
    """Put locked enrolments back where they were. Those inside stay. A fixed number of queries."""
    rows = [row for row in rows if not row.is_inside]
    now = clock.now()
    steps = EnrolmentStep.objects.filter(enrolment__in=rows).values_list("enrolment_id", "position")
    done = set(steps)
    for row in rows:
        row.state = EnrolmentState.ACTIVE
        row.ended_at = None
        row.end_reason = ""
        row.ended_by = None
        row.end_cause = {}
        row.entered_at = now
        row.held_for = row.person_id
        row.next_at = now
        # A follow-up that was cancelled with it is not planned again: the step was done, and it goes on behind it.
        row.begun_at = now if (row.pk, row.position) in done else None
    try:
        with transaction.atomic():
            bulk_write.save_all(rows, ["entered_at", "held_for"])
            save_enrolments(rows)
    except IntegrityError:
        # Somebody let a customer enter at this moment.
        raise Refused(_("A customer has just entered another sequence. Try again.")) from None
    drafts = [
        EventDraft(ENTERED, row, {"sequence": row.sequence_id, "entry": row.entry}, job_id=row.timeline_job_id)
        for row in rows
    ]
    events.record_all(drafts, by=by)


def _check_inside(enrolment: Enrolment) -> None:
    if not enrolment.is_inside:
        raise Refused(_("It has left the sequence already."))
