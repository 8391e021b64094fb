"""What members do with enrolments: stop, pause, resume, skip a wait, take back an end."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from followups.sequences.definition import SequenceWait
from followups.sequences.engine.states import end_enrolments, pause_enrolments, resume_rows, save_enrolments
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, EnrolmentStep, PauseReason
from followups.sequences.models.enrolment import VERSION_MOVED
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.moving.moves import take_back_moves
from followups.sequences.stop_reasons import StopReason

# The kind under which an entry is kept for its undo.
ENTERED = "sequence.entered"


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
    for row in rows:
        take_back_end(row, by=by)


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


@transaction.atomic
def take_back_end(enrolment: Enrolment, *, by: Member | None) -> None:
    """Put a lead back where it was when it left. What was before counts no more: it goes on as if it entered now.

    Idempotent. Raises Refused if it was at the end or moved, or if another sequence holds the customer.
    """
    enrolment.lock()
    if enrolment.is_inside:
        return
    if enrolment.end_reason == EndReason.FINISHED:
        raise Refused(_("It was at the end."))
    if enrolment.end_reason == EndReason.MOVED:
        raise Refused(_("It goes on in another version."))
    if enrolment.is_test and not sequences_by_id()[enrolment.sequence_id].is_in_test:
        raise Refused(_("The test is over."))
    now = clock.now()
    enrolment.state = EnrolmentState.ACTIVE
    enrolment.ended_at = None
    enrolment.end_reason = ""
    enrolment.ended_by = None
    enrolment.end_cause = {}
    enrolment.entered_at = now
    enrolment.held_for = enrolment.person_id
    enrolment.next_at = now
    is_done = EnrolmentStep.objects.filter(enrolment=enrolment, position=enrolment.position).exists()
    # A follow-up that was cancelled with it is not planned again: the step was done, and it goes on behind it.
    enrolment.begun_at = now if is_done else None
    try:
        with transaction.atomic():
            enrolment.save(update_fields=["entered_at", "held_for"])
            save_enrolments([enrolment])
    except IntegrityError:
        inside = Enrolment.objects.inside().in_test(enrolment.is_test)
        holder = inside.filter(held_for=enrolment.person_id, purpose=enrolment.purpose).first()
        name = sequences_by_id()[holder.sequence_id].name if holder else ""
        raise Refused(_("Held by “%(name)s”.") % {"name": name}) from None
    events.record(
        "sequence.entered",
        subject=enrolment,
        by=by,
        data={"sequence": enrolment.sequence_id, "entry": enrolment.entry},
        job_id=enrolment.timeline_job_id,
    )


def _check_inside(enrolment: Enrolment) -> None:
    if not enrolment.is_inside:
        raise Refused(_("It has left the sequence already."))
