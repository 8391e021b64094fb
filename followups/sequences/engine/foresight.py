"""Foresee a step for enrolments in test mode: decide what would be done and note it. Nothing is sent or planned."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from comms.automation.message_batch import ADDRESS, MessageRequest, QueuedMessage, foresee_messages
from crm.automation.registry.actions import Firing
from crm.automation.registry.triggers import Chosen
from crm.kernel import clock
from crm.kernel.refusal import Refused
from followups.sequences.definition import Otherwise, SequenceAct
from followups.sequences.engine.tasks import CALL_INSTEAD, due_time
from followups.sequences.engine.walker import Walker
from followups.sequences.models import EndReason, StepResult
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.setup import MESSAGE, TASK, job_kind


def foresee_step(walkers: Sequence[Walker], step: SequenceAct) -> list[Walker]:
    """Note what an act would do for each. Returns those that walk on."""
    if not walkers:
        return []
    if step.action == MESSAGE:
        return _foresee_messages(walkers, step)
    if step.action == TASK:
        return [walker for walker in walkers if _foresee_task(walker, walker.step.chosen, holds=step.holds)]
    return [walker for walker in walkers if _foresee_action(walker)]


def _foresee_messages(walkers: Sequence[Walker], step: SequenceAct) -> list[Walker]:
    chosen = walkers[0].step.chosen
    requests = [MessageRequest(walker.person, walker.job, chosen, walker.origin) for walker in walkers]
    results = zip(walkers, foresee_messages(requests), strict=True)
    return [walker for walker, result in results if _foresee_message(walker, step, result)]


def _foresee_message(walker: Walker, step: SequenceAct, result: QueuedMessage) -> bool:
    """Note the message that would be queued, or the call in its place. Returns True if the enrolment walks on."""
    if result.medium:
        leaves_at = result.leaves_at or clock.now()
        walker.note_message(result.leaves_at)
        walker.record(StepResult.WOULD, {"medium": result.medium, "at": leaves_at.isoformat()}, result.reason)
        return walker.go_on(walker.step.node.following)
    if result.closed:
        walker.record(StepResult.SKIPPED, reason=result.reason)
        walker.end = (EndReason.UNREACHABLE if result.closed == ADDRESS else EndReason.OPTED_OUT, {})
        return False
    if step.otherwise == Otherwise.CALL:
        return _foresee_task(walker, CALL_INSTEAD, holds=True, reason=result.reason)
    walker.record(StepResult.SKIPPED, reason=result.reason)
    return walker.go_on(walker.step.node.following)


def _foresee_task(walker: Walker, chosen: Chosen, *, holds: bool, reason: str = "") -> bool:
    """Note the follow-up that would be planned. One that holds is taken to be done when it is due."""
    due_at = due_time(chosen, walker.hours)
    walker.record(StepResult.WOULD, _task_data(chosen, due_at), reason)
    if holds:
        walker.row.begun_at = clock.now()
        walker.row.next_at = due_at
        return False
    return walker.go_on(walker.step.node.following)


def _task_data(chosen: Mapping[str, Any], due_at: datetime) -> dict[str, str]:
    return {"kind": chosen["kind"], "at": due_at.isoformat()}


def _foresee_action(walker: Walker) -> bool:
    """Note another act of triggers, or why it would be refused."""
    action = walker.step.action
    assert action is not None, "a step without one has a problem"
    sequence = sequences_by_id()[walker.row.sequence_id]
    firing = Firing(job_kind(), walker.job, 0, sequence.name, -walker.row.pk, walker.origin)
    words = ""
    try:
        if action.foresee is not None:
            with transaction.atomic():
                words = action.foresee(firing, walker.step.chosen)
    except Refused as why:
        walker.record(StepResult.SKIPPED, reason=str(why))
    else:
        walker.record(StepResult.WOULD, reason=words)
    return walker.go_on(walker.step.node.following)
