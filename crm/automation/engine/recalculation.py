"""Move pending times when a business calendar is edited: those of rules, and those of runs that wait. They say so."""

from collections.abc import Sequence
from datetime import datetime

from crm.automation.definition import Definition, Wait
from crm.automation.engine.runs import STEP, locked
from crm.automation.engine.timers import TIMER, fire_at
from crm.automation.models import RuleRun, RuleTimer
from crm.automation.registry.triggers import Anchor
from crm.automation.setup import ReadRule, working_rules
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due

RECOUNT = "automation.recount"
SLICE = 1_000


def after_calendar(changes: Sequence[Event]) -> None:
    """Have the times counted anew that an edited calendar decides."""
    for pk in {event.subject_id for event in changes}:
        due.schedule(RECOUNT, pk, clock.now())


def after_brand(_changes: Sequence[Event]) -> None:
    """Have all working times counted anew: a brand, or those without one of their own, took another calendar."""
    for pk in directory().calendars:
        due.schedule(RECOUNT, pk, clock.now())


def recount(ids: Sequence[int]) -> None:
    """Count the pending times of these calendars anew. What stays where it was is not written."""
    for calendar_id in ids:
        after = 0
        while rows := list(RuleTimer.objects.filter(calendar=calendar_id, pk__gt=after).order_by("pk")[:SLICE]):
            _recount_timers(rows)
            after = rows[-1].pk
        _recount_runs(calendar_id)


def _recount_timers(timers: Sequence[RuleTimer]) -> None:
    moved = []
    for rule_id in {timer.rule_id for timer in timers}:
        read = working_rules().rules.get(rule_id)
        if read is None or read.kind is None or read.problem:
            continue
        mine = [timer for timer in timers if timer.rule_id == rule_id]
        rows = read.kind.model.objects.in_bulk([timer.record_id for timer in mine])
        moved += [timer for timer in mine if timer.record_id in rows and _move(read, timer, rows[timer.record_id])]
    RuleTimer.objects.bulk_update(moved, ["at", "was_at", "calendar"])
    due.schedule_all(TIMER, [(timer.pk, timer.at) for timer in moved])


def _move(read: ReadRule, timer: RuleTimer, row: object) -> bool:
    """Set the time of a timer by the calendar as it is now; return whether it is another."""
    assert read.kind is not None, "a rule without one has no timer"
    at = fire_at(read, row, Anchor(timer.since, timer.value))
    if at == timer.at:
        return False
    timer.at, timer.was_at, timer.calendar_id = at, timer.at, read.kind.calendar_id(row)
    return True


def _recount_runs(calendar_id: int) -> None:
    hours = directory().calendars.get(calendar_id)
    for run in locked(RuleRun.objects.waiting().filter(calendar=calendar_id)):
        step = Definition.from_json(run.version.definition).steps[run.step - 1]
        if not isinstance(step, Wait) or run.waits_since is None or run.next_at is None:
            continue
        at = max(step.span.after(run.waits_since, hours), clock.now())
        if at != run.next_at:
            run.log = [*run.log, _told(run, run.next_at, at)]
            run.next_at = at
            run.save(update_fields=["next_at", "log"])
            due.schedule(STEP, run.pk, at)


def _told(run: RuleRun, was: datetime, at: datetime) -> dict[str, object]:
    """Say in the log of a run that it waits for another time, and from which it moved."""
    stamps = {"from": was.isoformat(), "to": at.isoformat()}
    now = clock.now().isoformat(timespec="seconds")
    return {"step": run.step - 1, "at": now, "state": "moved", "data": stamps, "words": ""}
