"""Execute the steps of a run, each once and in a separate transaction; handle waits; record the outcome.

A run is claimed by its lock. What a step writes and that it was done are committed together, so a worker killed at
any moment leaves a run that goes on with the next step.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.utils.translation import gettext as _

from crm.automation.definition import Definition, WaitStep
from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.engine.wait_endings import find_early_endings, newest_event_id
from crm.automation.models import Mode, Rule, RuleRun, RunState, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.models.rule import FAILURES
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import Chosen
from crm.automation.setup import ReadRule, chosen_values
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events, hints
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due

logger = logging.getLogger(__name__)

STEP = "automation.step"
FIRED_EVENT = "rule.fired"
PROGRESS = ("state", "reason", "next_at", "waits_since", "calendar_id", "step", "log", "fired_id", "waits_after")


@dataclass(frozen=True)
class LiveRun:
    """A run being executed, with the rule version it began with and the current record."""

    run: RuleRun
    read: ReadRule
    row: Any
    # Who accepted what it proposed; None: it acts by itself.
    by: Member | None = None


def begin_all(fired: Sequence[LiveRun]) -> None:
    """Record that rules fire, and execute their steps up to the first wait."""
    ids = bulk_write.allocate_ids(Event, len(fired))
    for live, event_id in zip(fired, ids, strict=True):
        live.run.fired_id = event_id
    bulk_write.insert_all(Event, [_firing_event(live) for live in fired])
    hints.touch_topics_of((FIRED_EVENT, live.run.job_id) for live in fired)
    _advance_runs(fired)


def _firing_event(live: LiveRun) -> dict[str, Any]:
    run = live.run
    row = live.row
    return {
        "id": run.fired_id,
        "at": clock.now(),
        "kind": FIRED_EVENT,
        "subject_kind": row._meta.label_lower,
        "subject_id": row.pk,
        "job_id": run.job_id,
        "caused_by": run.event_id,
        "data": {"rule": run.rule_id, "run": run.pk, "depth": run.depth + 1},
    }


def resume_runs(ids: Sequence[int]) -> None:
    """Resume runs whose wait is over, or stop those that must not continue."""
    waiting = RuleRun.objects.waiting().filter(pk__in=ids, next_at__lte=clock.now())
    reads: dict[int, ReadRule] = {}
    by_kind: dict[str, list[tuple[RuleRun, ReadRule]]] = defaultdict(list)
    for run in lock_runs(waiting):
        if run.version_id not in reads:
            reads[run.version_id] = ReadRule.of(run.rule, Definition.from_json(run.version.definition))
        by_kind[run.record].append((run, reads[run.version_id]))
    for runs in by_kind.values():
        _resume_kind(runs)


def _resume_kind(found: Sequence[tuple[RuleRun, ReadRule]]) -> None:
    """Resume runs about one kind of record."""
    kind = found[0][1].kind
    rows: dict[int, Any] = kind.ruled_rows().in_bulk({run.record_id for run, _read in found}) if kind else {}
    judged = (
        judge_conditions(kind, list(rows), [group for _run, read in found for group in read.groups]) if kind else {}
    )
    going: list[LiveRun] = []
    for run, read in found:
        row = rows.get(run.record_id)
        if reason := _reason_to_stop(run, read, row, judged.get(run.record_id, {})):
            stop_waiting(run, reason)
        else:
            going.append(LiveRun(run, read, row))
    _advance_runs(going)


def lock_runs(waiting: Any) -> list[RuleRun]:
    """Lock runs in primary-key order, with their rules and versions."""
    runs: list[RuleRun] = RuleRun.lock_all(waiting)
    prefetch_related_objects(runs, "rule", "version")
    return runs


def _reason_to_stop(run: RuleRun, read: ReadRule, row: Any, held: Mapping[str, bool]) -> str:
    """Return the reason a run must not continue; blank if it may."""
    if run.rule.mode not in (Mode.ON, Mode.PROPOSE) or run.rule.archived_at:
        return _("The trigger was turned off.")
    if read.problem:
        return read.problem
    if read.kind is None or row is None:
        return _("It no longer exists.")
    if refusal := switched_off(read.kind, row):
        return refusal
    if all_groups_hold(read.groups, held):
        return ""
    return _("The conditions are no longer met.")


def switched_off(kind: RecordKind, row: Any) -> str:
    """Return the reason rules are switched off, for all or for the customer; blank if they are on."""
    if not automation_policy().is_on:
        return _("All triggers are off.")
    person_id = kind.person_id(row)
    if person_id and Silence.objects.filter(person_id=person_id).exists():
        return _("Triggers are off for this customer.")
    return ""


def stop_waiting(run: RuleRun, reason: str) -> None:
    """Stop a waiting run."""
    run.state = RunState.STOPPED
    run.reason = reason[:300]
    run.next_at = None
    run.save(update_fields=["state", "reason", "next_at"])
    due.cancel(STEP, [run.pk])


def _advance_runs(going: Sequence[LiveRun]) -> None:
    """Execute the steps of runs until each waits, fails or ends. Runs of one rule share each step."""
    for live in going:
        run = live.run
        run.state = RunState.DONE
        run.next_at = None
        run.waits_since = None
        run.calendar_id = None
    working = list(going)
    while working:
        working = [live for live in working if live.run.step < len(live.read.definition.steps)]
        by_step: dict[tuple[int, int], list[LiveRun]] = defaultdict(list)
        for live in working:
            by_step[id(live.read), live.run.step].append(live)
        working = [live for group in by_step.values() for live in _do_step(group)]
    bulk_write.save_all([live.run for live in going], PROGRESS)
    due.schedule_all(STEP, [(live.run.pk, live.run.next_at) for live in going if live.run.next_at])


def _do_step(found: Sequence[LiveRun]) -> list[LiveRun]:
    """Execute one step for runs of one rule. Returns the runs that continue."""
    at = found[0].run.step
    steps = found[0].read.definition.steps
    step = steps[at]
    for live in found:
        live.run.step = at + 1
    if isinstance(step, WaitStep):
        _wait_all(found, step, is_first=not any(isinstance(one, WaitStep) for one in steps[:at]))
        return []
    going: list[LiveRun] = []
    for live, entry in zip(found, _do_all(found, at), strict=True):
        live.run.log = [*live.run.log, entry]
        if entry["state"] == "failed":
            live.run.state = RunState.FAILED
            live.run.reason = entry["words"]
        else:
            going.append(live)
    return going


def _wait_all(found: Sequence[LiveRun], step: WaitStep, *, is_first: bool) -> None:
    """Start a wait for runs of one rule. A run's first wait ends at once if its ending event already happened."""
    # What a person accepted begins when they do.
    fresh = [live for live in found if is_first and live.by is None]
    ended = find_early_endings([live.run for live in fresh], [live.row for live in fresh], step)
    begun = None
    if len(fresh) < len(found):
        begun = newest_event_id()
    for live in found:
        if is_first and live.by is None:
            live.run.waits_after = None
        else:
            live.run.waits_after = begun
        if reason := ended.get(live.run.pk):
            live.run.state = RunState.STOPPED
            live.run.reason = reason[:300]
        else:
            _begin_wait(live, step)


def _begin_wait(live: LiveRun, step: WaitStep) -> None:
    run = live.run
    kind = live.read.kind
    assert kind is not None, "a rule without one has a problem"
    calendar = kind.calendar_id(live.row)
    run.state = RunState.WAITING
    run.waits_since = clock.now()
    if step.span.is_working:
        run.calendar_id = calendar
    else:
        run.calendar_id = None
    run.next_at = step.span.after(run.waits_since, directory().calendars.get(calendar or 0))


def _do_all(found: Sequence[LiveRun], at: int) -> list[dict[str, Any]]:
    """Execute one step for runs of one rule. Returns a log entry for each."""
    step = found[0].read.steps[at]
    assert step is not None, "a rule without one has a problem"
    action, options = step
    if action.act_all is not None and len(found) > 1:
        try:
            with transaction.atomic():
                done = action.act_all([_build_firing(live, at) for live in found], chosen_values(options))
        except Exception:
            # One of them fails, or is refused: each by itself, then, to find out which.
            logger.info("a step of many runs failed", extra={"rule": found[0].run.rule_id})
        else:
            return [_log_entry(at, one) for one in done]
    return [_do_action(live, at, action, chosen_values(options)) for live in found]


def _do_action(live: LiveRun, at: int, action: RuleAction, given: Chosen) -> dict[str, Any]:
    """Execute one step of one run. Returns its log entry."""
    rule = live.read.rule
    try:
        with transaction.atomic(), events.caused_by(live.run.fired_id):
            done = action.act(_build_firing(live, at), given)
    except Refused as why:
        return _log_entry(at) | {"state": "refused", "words": str(why)}
    except Exception as error:
        logger.exception("a step of a rule failed", extra={"rule": rule.pk})
        note_failure(rule)
        return _log_entry(at) | {"state": "failed", "words": type(error).__name__}
    note_success(rule)
    return _log_entry(at, done)


def _build_firing(live: LiveRun, at: int) -> Firing:
    run = live.run
    rule = live.read.rule
    assert live.read.kind is not None, "a rule without one has a problem"
    return Firing(
        live.read.kind, live.row, run.rule_id, rule.name, run.pk, f"rule:{run.pk}:{at}", run.event_id, live.by
    )


def _log_entry(at: int, done: ActionResult | None = None) -> dict[str, Any]:
    state = "done"
    if done and done.skipped:
        state = "skipped"
    data = {}
    if done:
        data = dict(done.data)
    return {"step": at, "at": _timestamp(clock.now()), "state": state, "data": data, "words": ""}


def _timestamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def note_failure(rule: Rule) -> None:
    """Count a failure. The fifth consecutive failure pauses the rule."""
    Rule.objects.filter(pk=rule.pk).update(failures=F("failures") + 1)
    rule.failures += 1
    if rule.failures >= FAILURES:
        rule.pause(_("Failed %(count)s times in a row.") % {"count": FAILURES})


def note_success(rule: Rule) -> None:
    """Reset the count of consecutive failures."""
    if rule.failures:
        Rule.objects.filter(pk=rule.pk).update(failures=0)
        rule.failures = 0
