"""Do a step for many enrolments of one version: messages, follow-ups, other actions, forks and waits."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from comms.automation.message_batch import ADDRESS, MessageRequest, QueuedMessage, queue_messages
from comms.gate.verdict import Outcome
from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.registry.actions import Firing
from crm.kernel import clock
from crm.kernel.refusal import Refused
from followups.sequences.definition import Otherwise, SequenceAct, SequenceFork, SequenceWait
from followups.sequences.engine.foresight import foresee_step
from followups.sequences.engine.tasks import CALL_INSTEAD, plan_tasks
from followups.sequences.engine.walker import Walker
from followups.sequences.models import EndReason, StepResult
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.registry import fork_questions
from followups.sequences.setup import MESSAGE, TASK, job_kind

logger = logging.getLogger(__name__)


def do_step(walkers: Sequence[Walker]) -> list[Walker]:
    """Do the step at which these enrolments stand. Returns those that walk on."""
    step = walkers[0].step
    if step.problem:
        return [walker for walker in walkers if _go_past(walker, StepResult.FAILED, step.problem)]
    if isinstance(step.node.step, SequenceWait):
        return [walker for walker in walkers if _wait(walker, step.node.step)]
    if isinstance(step.node.step, SequenceFork):
        return _choose_ways(walkers, step.node.step)
    over = [walker for walker in walkers if walker.row.begun_at is not None]
    tests = [walker for walker in walkers if walker.row.begun_at is None and walker.row.is_test]
    fresh = [walker for walker in walkers if walker.row.begun_at is None and not walker.row.is_test]
    going = [walker for walker in over if walker.go_on(walker.step.node.following)]
    going += foresee_step(tests, step.node.step)
    if not fresh:
        return going
    if step.node.step.action == MESSAGE:
        return going + _send_messages(fresh, step.node.step)
    if step.node.step.action == TASK:
        _begin_tasks(fresh, step.node.step)
        return going + [walker for walker in fresh if not _is_held(walker)]
    return going + [walker for walker in fresh if _do_action(walker)]


def _go_past(walker: Walker, result: StepResult, reason: str) -> bool:
    walker.record(result, reason=reason)
    return walker.go_on(walker.step.node.following)


def _wait(walker: Walker, step: SequenceWait) -> bool:
    """Begin or end a wait. Returns True if the enrolment walks on."""
    row = walker.row
    if row.begun_at is None:
        row.begun_at = walker.since
        row.next_at = step.span.after(walker.since, walker.hours)
        row.calendar_id = walker.calendar_id
    if row.next_at is not None and row.next_at > clock.now():
        return False
    return walker.go_on(walker.step.node.following)


def _choose_ways(walkers: Sequence[Walker], step: SequenceFork) -> list[Walker]:
    """Answer the question of a fork for each, and send it its way."""
    node = walkers[0].step.node
    if step.question:
        yes = fork_questions()[step.question].find([walker.row for walker in walkers])
    else:
        groups = walkers[0].step.groups
        results = judge_conditions(job_kind(), {walker.job.pk for walker in walkers}, groups)
        yes = {walker.row.pk for walker in walkers if all_groups_hold(groups, results[walker.job.pk])}
    going = []
    for walker in walkers:
        if walker.row.pk in yes:
            walker.record(StepResult.YES)
            way = node.following
        else:
            walker.record(StepResult.NO)
            way = node.other
        if walker.go_on(way):
            going.append(walker)
    return going


def _send_messages(walkers: Sequence[Walker], step: SequenceAct) -> list[Walker]:
    """Queue the message of a step for each; what the gate refuses is skipped, or becomes a call."""
    chosen = walkers[0].step.chosen
    requests = [MessageRequest(walker.person, walker.job, chosen, walker.origin) for walker in walkers]
    results = queue_messages(requests)
    going = []
    calls = []
    for walker, result in zip(walkers, results, strict=True):
        if not result.medium and result.closed:
            walker.record(StepResult.SKIPPED, reason=result.reason)
            walker.end = (EndReason.UNREACHABLE if result.closed == ADDRESS else EndReason.OPTED_OUT, {})
        elif not result.medium and step.otherwise == Otherwise.CALL:
            calls.append((walker, result))
        else:
            _record_message(walker, result)
            if walker.go_on(walker.step.node.following):
                going.append(walker)
    _call_instead(calls, step)
    return going


def _record_message(walker: Walker, result: QueuedMessage) -> None:
    if not result.medium:
        walker.record(StepResult.SKIPPED, reason=result.reason)
        return
    walker.note_message(result.leaves_at)
    if result.outcome == Outcome.SEND:
        walker.record(StepResult.DONE, {"medium": result.medium})
    else:
        walker.record(StepResult.HELD, {"medium": result.medium}, result.reason)


def _call_instead(calls: Sequence[tuple[Walker, QueuedMessage]], step: SequenceAct) -> None:
    if not calls:
        return
    planned = plan_tasks([walker for walker, _result in calls], CALL_INSTEAD)
    for walker, result in calls:
        walker.record(StepResult.DONE, {"kind": CALL_INSTEAD["kind"]}, result.reason)
        walker.row.begun_at = clock.now()
        walker.row.task_id = planned[walker.row.pk].pk


def _begin_tasks(walkers: Sequence[Walker], step: SequenceAct) -> None:
    """Plan the follow-up of a step. It holds the enrolment until it is done, unless the step says otherwise."""
    chosen = walkers[0].step.chosen
    planned = plan_tasks(walkers, chosen)
    for walker in walkers:
        walker.record(StepResult.DONE, {"kind": chosen["kind"]})
        task = planned[walker.row.pk]
        if step.holds and task.is_open:
            walker.row.begun_at = clock.now()
            walker.row.task_id = task.pk
        else:
            walker.go_on(walker.step.node.following)


def _is_held(walker: Walker) -> bool:
    return walker.row.task_id is not None or walker.end is not None


def _do_action(walker: Walker) -> bool:
    """Do an action of rules for one lead. Returns True if the enrolment walks on."""
    action = walker.step.action
    assert action is not None, "a step without one has a problem"
    sequence = sequences_by_id()[walker.row.sequence_id]
    # The run's id is that of no run: what a rule's run would be found by is found by the key.
    firing = Firing(job_kind(), walker.job, 0, sequence.name, -walker.row.pk, walker.origin)
    try:
        with transaction.atomic():
            done = action.act(firing, walker.step.chosen)
    except Refused as why:
        return _go_past(walker, StepResult.SKIPPED, str(why))
    except Exception as error:
        logger.exception("a step of a sequence failed", extra={"sequence": sequence.pk})
        return _go_past(
            walker, StepResult.FAILED, _("Something went wrong here: %(error)s") % {"error": type(error).__name__}
        )
    walker.record(StepResult.SKIPPED if done.skipped else StepResult.DONE, done.data)
    return walker.go_on(walker.step.node.following)
