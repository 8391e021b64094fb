"""Move a follow-up that a rule planned before or after a date when that date moves; cancel it when it is cleared.

A rule fires once for each date of a record. A follow-up that is still open is moved instead of planned again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm.automation.definition import DoStep
from crm.automation.engine.timers import fire_at
from crm.automation.models import RuleRun
from crm.automation.registry.actions import Firing
from crm.automation.registry.triggers import Anchor, TimeTrigger
from crm.automation.setup import ReadRule, chosen_values, working_rules
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Event
from crm.platform.organization.configuration import cached_per_tenant
from followups.automation.due_after import due_after
from followups.automation.origin import ORIGIN, PLAN_NAME
from followups.models import FollowUp

CAUSE = "date"
# The runs of a rule on one record that are looked at for open follow-ups.
MOST_RUNS = 50


@cached_per_tenant
def _date_rules() -> dict[str, list[ReadRule]]:
    """Return the working rules that plan follow-ups around a date, by the events that set or clear it."""
    rules: dict[str, list[ReadRule]] = defaultdict(list)
    for read in working_rules().rules.values():
        plans = any(isinstance(step, DoStep) and step.action == PLAN_NAME for step in read.definition.steps)
        if isinstance(read.trigger, TimeTrigger) and _is_about_date(read) and plans and not read.problem:
            for kind in read.trigger.events:
                rules[kind].append(read)
    return dict(rules)


def wanted_events() -> frozenset[str]:
    """Return the kinds of events that can move or clear the date of an active rule."""
    return frozenset(_date_rules())


def follow_dates(events: Sequence[Event]) -> None:
    """Move or cancel the open follow-ups of rules whose dates these events changed. Idempotent."""
    records: dict[int, tuple[ReadRule, set[int]]] = {}
    for event in events:
        for read in _date_rules().get(event.kind, ()):
            assert isinstance(read.trigger, TimeTrigger), "chosen by _date_rules"
            record_id = read.trigger.about(event)
            if record_id:
                records.setdefault(read.rule.pk, (read, set()))[1].add(record_id)
    for read, ids in records.values():
        for record_id in sorted(ids):
            _follow_date(read, record_id)


def open_follow_ups(rule_id: int, record_id: int, step: int) -> list[tuple[FollowUp, RuleRun]]:
    """Return the open follow-ups that a rule planned for a record by this step, for whichever dates."""
    runs = RuleRun.objects.filter(rule_id=rule_id, record_id=record_id).that_fired().order_by("-pk")
    by_origin = {f"{ORIGIN}{run.pk}:{step}": run for run in runs[:MOST_RUNS]}
    rows = FollowUp.objects.open().filter(origin__in=by_origin).order_by("-pk")
    return [(row, by_origin[row.origin]) for row in rows]


def run_of(origin: str) -> RuleRun | None:
    """Return the run that planned a follow-up, by its origin; None if no rule planned it."""
    if not origin.startswith(ORIGIN):
        return None
    run_id, _colon, _place = origin.removeprefix(ORIGIN).partition(":")
    run: RuleRun | None = RuleRun.objects.filter(pk=read_number(run_id)).first()
    return run


def is_open_for_other_date(firing: Firing) -> bool:
    """True if the follow-up of an earlier day of the same date is still open: it has moved with the date."""
    read = working_rules().rules.get(firing.rule_id)
    if read is None or not _is_about_date(read):
        return False
    _run_id, _colon, place = firing.key.removeprefix(ORIGIN).partition(":")
    step = read_number(place)
    run = run_of(firing.key)
    if step is None or run is None:
        return False
    others = open_follow_ups(firing.rule_id, firing.row.pk, step)
    return any(_date_of(other.key) == _date_of(run.key) for _follow_up, other in others)


def _is_about_date(read: ReadRule) -> bool:
    return isinstance(read.trigger, TimeTrigger) and read.trigger.by_day


def _date_of(key: str) -> str:
    """Return which date of a record a run is about: of the key "on:time:7:2026-03-12", "time:7"."""
    return key.partition(":")[2].rpartition(":")[0]


def _follow_date(read: ReadRule, record_id: int) -> None:
    for place, step in enumerate(read.definition.steps):
        if isinstance(step, DoStep) and step.action == PLAN_NAME:
            for follow_up, run in open_follow_ups(read.rule.pk, record_id, place):
                _move(read, follow_up, run, place)


def find_present_date(read: ReadRule, run: RuleRun) -> tuple[Any, Anchor | None]:
    """Return the record of a run as it is now, and the present day of the date that the run was about."""
    trigger = read.trigger
    assert isinstance(trigger, TimeTrigger), "the rule is about a date"
    assert trigger.rows is not None, "checked at start"
    row = trigger.rows(read.chosen).filter(pk=run.record_id).first()
    if row is None:
        return None, None
    anchors = [anchor for _pk, anchor in trigger.instants([row], read.chosen)]
    # A lead may have several dates of a kind: the warranties of its assets.
    same = [anchor for anchor in anchors if _date_of(f":time:{anchor.value}") == _date_of(run.key)]
    return row, min(same, key=lambda anchor: anchor.at, default=None)


def _move(read: ReadRule, follow_up: FollowUp, run: RuleRun, place: int) -> None:
    """Give it the time of the present date; cancel it if there is none."""
    row, anchor = find_present_date(read, run)
    if anchor is None:
        follow_up.cancel(by=None, cause=CAUSE)
        return
    at = _due_time(read, row, anchor, place)
    if at > clock.now() and at != follow_up.due_at and not _is_placed(follow_up, run, anchor, at):
        follow_up.reschedule(at, by=None, cause=CAUSE)


def _is_placed(follow_up: FollowUp, run: RuleRun, anchor: Anchor, at: datetime) -> bool:
    """Return True if it was planned or moved for this very day: another time is then a member's choice."""
    moves = Event.objects.of(follow_up).filter(kind="followup.rescheduled", data__cause=CAUSE)
    last = moves.order_by("-pk").first()
    if last:
        return datetime.fromisoformat(last.data["to"]) == at
    return run.key.endswith(f":{anchor.value}")


def _due_time(read: ReadRule, row: Any, anchor: Anchor, place: int) -> datetime:
    """Return when the follow-up of a step would be due, had the rule planned it by this day."""
    step = read.steps[place]
    assert read.kind is not None, "the rule works"
    assert step is not None, "the rule works"
    return due_after(fire_at(read, row, anchor), read.kind, row, chosen_values(step[1]))
