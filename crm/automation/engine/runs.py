"""Do the steps of a run: each once, in a transaction of its own; wait where it says so; tell what came of it.

A run is claimed by its lock. What a step writes and that it was done are committed together, so a worker killed at
any moment leaves a run that goes on with the next step.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from crm.automation.definition import Definition, Wait
from crm.automation.engine.failures import note_failure, note_success
from crm.automation.engine.judgement import holds, judge
from crm.automation.models import Mode, RuleRun, RunState, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.registry.actions import Firing
from crm.automation.registry.records import RecordKind
from crm.automation.setup import ReadRule, chosen
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due

logger = logging.getLogger(__name__)

STEP = "automation.step"
FIRED_EVENT = "rule.fired"
PROGRESS = ("state", "reason", "next_at", "waits_since", "calendar_id", "step", "log", "fired_id")


def begin(run: RuleRun, read: ReadRule, row: Any) -> None:
    """Record that a rule fires, and do its steps up to the first wait."""
    data = {"rule": run.rule_id, "run": run.pk, "depth": run.depth + 1}
    event = Event.objects.create(
        kind=FIRED_EVENT,
        subject_kind=row._meta.label_lower,
        subject_id=row.pk,
        job_id=run.job_id,
        caused_by=run.event_id,
        data=data,
    )
    run.fired_id = event.pk
    _advance(run, read, row)


def resume(ids: Sequence[int]) -> None:
    """Go on with runs whose wait is over, where nothing speaks against it any more."""
    waiting = RuleRun.objects.waiting().filter(pk__in=ids, next_at__lte=clock.now())
    for run in locked(waiting):
        read = ReadRule.of(run.rule, Definition.from_json(run.version.definition))
        row = read.kind.model.objects.filter(pk=run.record_id).first() if read.kind else None
        reason = _reason_to_stop(run, read, row)
        if reason:
            stop(run, reason)
        else:
            _advance(run, read, row)


def locked(waiting: Any) -> list[RuleRun]:
    """Lock runs, in the order of their keys, and read their rules and versions with them."""
    runs: list[RuleRun] = RuleRun.lock_all(waiting)
    prefetch_related_objects(runs, "rule", "version")
    return runs


def _reason_to_stop(run: RuleRun, read: ReadRule, row: Any) -> str:
    """Say why a run does not go on; blank where it does."""
    if run.rule.mode != Mode.ON or run.rule.archived_at:
        return _("The trigger was switched off.")
    if read.problem:
        return read.problem
    if read.kind is None or row is None:
        return _("It is not there any more.")
    if refusal := switched_off(read.kind, row):
        return refusal
    held = judge(read.kind, [row.pk], read.groups).get(row.pk, {})
    return "" if holds(read.groups, held) else _("Its conditions do not hold any more.")


def switched_off(kind: RecordKind, row: Any) -> str:
    """Say whether rules are switched off, for all or for the customer; blank where they are on."""
    if not automation_policy().is_on:
        return _("All triggers are switched off.")
    person_id = kind.person_id(row)
    if person_id and Silence.objects.filter(person_id=person_id).exists():
        return _("Triggers are switched off for this customer.")
    return ""


def stop(run: RuleRun, reason: str) -> None:
    """End a run while it waits."""
    run.state, run.reason, run.next_at = RunState.STOPPED, reason[:300], None
    run.save(update_fields=["state", "reason", "next_at"])
    due.cancel(STEP, [run.pk])


def _advance(run: RuleRun, read: ReadRule, row: Any) -> None:
    """Do steps until the next wait, a failure or the end."""
    run.state, run.next_at, run.waits_since, run.calendar_id = RunState.DONE, None, None, None
    while run.step < len(read.definition.steps):
        step = read.definition.steps[run.step]
        at, run.step = run.step, run.step + 1
        if isinstance(step, Wait):
            _wait(run, read, row, step)
            break
        entry = _do(run, read, row, at)
        run.log = [*run.log, entry]
        if entry["state"] == "failed":
            run.state, run.reason = RunState.FAILED, entry["words"]
            break
    run.save(update_fields=PROGRESS)


def _wait(run: RuleRun, read: ReadRule, row: Any, step: Wait) -> None:
    assert read.kind is not None, "a rule without one has a problem"
    calendar = read.kind.calendar_id(row)
    run.state, run.waits_since = RunState.WAITING, clock.now()
    run.calendar_id = calendar if step.span.is_working else None
    run.next_at = step.span.after(run.waits_since, directory().calendars.get(calendar or 0))
    due.schedule(STEP, run.pk, run.next_at)


def _do(run: RuleRun, read: ReadRule, row: Any, at: int) -> dict[str, Any]:
    """Do one step; return what came of it, for the log."""
    found = read.steps[at]
    assert found is not None, "a rule without one has a problem"
    assert read.kind is not None, "a rule without one has a problem"
    action, options = found
    entry = {"step": at, "at": _stamp(clock.now()), "state": "done", "data": {}, "words": ""}
    firing = Firing(read.kind, row, run.rule_id, read.rule.name, run.pk, f"rule:{run.pk}:{at}", run.event_id)
    try:
        with transaction.atomic(), events.caused_by(run.fired_id):
            done = action.act(firing, chosen(options))
    except Refused as why:
        return entry | {"state": "refused", "words": str(why)}
    except Exception as error:
        logger.exception("a step of a rule failed", extra={"rule": run.rule_id})
        note_failure(read.rule)
        return entry | {"state": "failed", "words": type(error).__name__}
    note_success(read.rule)
    return entry | {"state": "skipped" if done.skipped else "done", "data": dict(done.data)}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
