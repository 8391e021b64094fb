"""Recalculate pending times of rules and waiting runs after a business calendar is edited. Moves are logged.

Other hours move what counts working time. Another time zone moves days and hours of the day as well: all pending times
are gone through, in slices, and what stays where it was is not written.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm.automation.definition import Definition, WaitStep
from crm.automation.engine.rounds import plan_round
from crm.automation.engine.runs import STEP, lock_runs
from crm.automation.engine.timers import TIMER, fire_at
from crm.automation.models import RuleRun, RuleTimer
from crm.automation.registry.records import record_kind
from crm.automation.registry.triggers import Anchor, TimeTrigger
from crm.automation.setup import ReadRule, working_rules
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due

RECOUNT = "automation.recount"
RECOUNT_ALL = "automation.recount_all"
SLICE = 1_000


def after_calendar(changes: Sequence[Event]) -> None:
    """Schedule recalculation of the times that depend on an edited calendar."""
    for pk in {event.subject_id for event in changes}:
        due.schedule(RECOUNT, pk, clock.now())
    _move_clock(changes, "time_zone")


def after_brand(changes: Sequence[Event]) -> None:
    """Schedule recalculation of all working times after a brand or the default changes to another calendar."""
    for pk in directory().calendars:
        due.schedule(RECOUNT, pk, clock.now())
    _move_clock(changes, "calendar", "calendar_id")


def after_tenant(changes: Sequence[Event]) -> None:
    """Schedule recalculation of days and times of day if the organization's time zone changed, and plan its rounds."""
    if _move_clock(changes, "time_zone"):
        for pk in working_rules().rules:
            plan_round(pk)


def _move_clock(changes: Sequence[Event], *names: str) -> bool:
    """Schedule recalculation of all times that depend on the time zone, if one of these fields was edited."""
    # What was made the default names no field.
    is_moved = any("fields" not in event.data or {*names} & {*event.data["fields"]} for event in changes)
    is_moved = is_moved and any("closed" not in event.data and "opened" not in event.data for event in changes)
    if is_moved:
        due.schedule(RECOUNT_ALL, 0, clock.now())
    return is_moved


def recount_calendars(ids: Sequence[int]) -> None:
    """Recalculate the pending times of these calendars. Unchanged times are not written."""
    for calendar_id in ids:
        after = 0
        while rows := list(RuleTimer.objects.filter(calendar=calendar_id, pk__gt=after).order_by("pk")[:SLICE]):
            _recount_timers(rows)
            after = rows[-1].pk
        _recount_runs(RuleRun.objects.waiting().filter(calendar=calendar_id))


def recount_slice(ids: Sequence[int]) -> None:
    """Recalculate the next slice of pending times, after the subject's id. The first slice includes waiting runs."""
    after = min(ids)
    if not after:
        _recount_runs(RuleRun.objects.waiting())
    rows = list(RuleTimer.objects.filter(pk__gt=after).order_by("pk")[:SLICE])
    _recount_timers(rows)
    if len(rows) == SLICE:
        due.schedule(RECOUNT_ALL, rows[-1].pk, clock.now())


def _recount_timers(timers: Sequence[RuleTimer]) -> None:
    moved = []
    for rule_id in {timer.rule_id for timer in timers}:
        read = working_rules().rules.get(rule_id)
        if read is None or read.kind is None or read.problem or not isinstance(read.trigger, TimeTrigger):
            continue
        mine = [timer for timer in timers if timer.rule_id == rule_id]
        rows = read.kind.ruled_rows().in_bulk([timer.record_id for timer in mine])
        # A day is another instant by another clock.
        by_day = read.trigger.instants(rows.values(), read.chosen) if read.trigger.by_day else ()
        since = {(pk, anchor.value): anchor for pk, anchor in by_day}
        for timer in mine:
            anchor = since.get((timer.record_id, timer.value), Anchor(timer.since, timer.value))
            if timer.record_id in rows and _move_timer(read, timer, anchor, rows[timer.record_id]):
                moved.append(timer)
    RuleTimer.objects.bulk_update(moved, ["since", "at", "was_at", "calendar"])
    due.schedule_all(TIMER, [(timer.pk, timer.at) for timer in moved])


def _move_timer(read: ReadRule, timer: RuleTimer, anchor: Anchor, row: object) -> bool:
    """Set the time of a timer by the current calendar. Returns True if it moved."""
    assert read.kind is not None, "a rule without one has no timer"
    at = fire_at(read, row, anchor)
    if at == timer.at:
        return False
    timer.since, timer.at, timer.was_at = anchor.at, at, timer.at
    if timer.calendar_id is not None:
        timer.calendar_id = read.kind.calendar_id(row)
    return True


def _recount_runs(waiting: Any) -> None:
    """Recalculate the waits of these runs, and log the old and new time of each that moved."""
    organization = directory()
    for run in lock_runs(waiting):
        step = Definition.from_json(run.version.definition).steps[run.step - 1]
        if not isinstance(step, WaitStep) or run.waits_since is None or run.next_at is None:
            continue
        calendar_id = run.calendar_id or _calendar_of(run)
        at = max(step.span.after(run.waits_since, organization.calendars.get(calendar_id or 0)), clock.now())
        if at != run.next_at and run.next_at > clock.now():
            run.log = [*run.log, _moved_log_entry(run, run.next_at, at)]
            run.next_at = at
            run.save(update_fields=["next_at", "log"])
            due.schedule(STEP, run.pk, at)


def _calendar_of(run: RuleRun) -> int | None:
    kind = record_kind(run.record)
    row = None
    if kind:
        row = kind.ruled_rows().filter(pk=run.record_id).first()
    if kind and row is not None:
        return kind.calendar_id(row)
    return None


def _moved_log_entry(run: RuleRun, was: datetime, at: datetime) -> dict[str, object]:
    """Return the log entry of a waiting run whose time moved: the old and the new time."""
    stamps = {"from": was.isoformat(), "to": at.isoformat()}
    now = clock.now().isoformat(timespec="seconds")
    return {"step": run.step - 1, "at": now, "state": "moved", "data": stamps, "words": ""}
