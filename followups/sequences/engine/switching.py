"""Follow the switch of a sequence, in slices: those inside go on or leave, and those in a test that is over leave."""

from collections.abc import Sequence as Rows
from datetime import timedelta
from typing import Any

from crm.kernel import clock
from crm.platform.work import due
from followups.sequences.engine.held_back import release_all
from followups.sequences.engine.reactions import judge_rows
from followups.sequences.engine.states import end_enrolments
from followups.sequences.models import EndReason, Enrolment, EnrolmentState, PauseReason, Sequence

FOLLOW = "sequence.follow_switch"
SLICE = 500


def follow_switch(sender: Any, sequence: Sequence, **_: Any) -> None:
    """Schedule what a switch means for those inside. Switched off, each rests when its next step is due."""
    due.schedule(FOLLOW, sequence.pk, clock.now())


def follow_slice(ids: Rows[int]) -> None:
    """Go on with the next slice of those inside these sequences. Idempotent."""
    for sequence in Sequence.objects.filter(pk__in=ids).order_by("pk"):
        if _follow_next(sequence):
            due.schedule(FOLLOW, sequence.pk, clock.now() + timedelta(microseconds=1))


def _follow_next(sequence: Sequence) -> bool:
    """Treat one slice. Returns True if there may be more."""
    inside = Enrolment.objects.inside().filter(sequence=sequence)
    if sequence.archived_at:
        ids = list(inside.order_by("pk").values_list("pk", flat=True)[:SLICE])
        rows = Enrolment.lock_all(inside.filter(pk__in=ids))
        end_enrolments([(row, EndReason.ARCHIVED, {}) for row in rows])
        if len(ids) == SLICE:
            return True
        # The last messages of those at the end: the gate drops them.
        release_all()
        return False
    if sequence.is_in_test:
        return False
    ids = list(inside.in_test().order_by("pk").values_list("pk", flat=True)[:SLICE])
    if ids:
        rows = Enrolment.lock_all(inside.filter(pk__in=ids))
        end_enrolments([(row, EndReason.TEST, {}) for row in rows])
        return True
    if not sequence.is_working:
        return False
    resting = inside.filter(state=EnrolmentState.PAUSED, pause_reason=PauseReason.SEQUENCE)
    ids = list(resting.order_by("pk").values_list("pk", flat=True)[:SLICE])
    judge_rows(ids)
    if len(ids) == SLICE:
        return True
    release_all()
    return False
