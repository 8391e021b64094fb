"""Planned steps of rules in the coming days: pending timers, waiting runs, and scheduled rounds.

By and by something may happen that changes it: a customer answers, a step changes. It is a preview, not a promise.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from crm.automation.definition import Definition, Step, WaitStep
from crm.automation.engine.judgement import all_groups_hold, conditions_query, judge_conditions
from crm.automation.engine.rounds import next_round
from crm.automation.models import Mode, Rule, RuleRun, RuleTimer
from crm.automation.registry.actions import Departure, RuleAction, UpcomingAction
from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import Chosen, RoundTrigger
from crm.automation.setup import ReadRule, chosen_values, working_rules
from crm.kernel import clock
from crm.platform.organization.configuration import directory

DAYS = 14
# What a page of it shows; of a round so many records are named.
MOST = 500
MOST_OF_A_ROUND = 100


@dataclass(frozen=True)
class PlannedStep:
    """A step that a rule will execute at an instant, unless something changes before."""

    at: datetime
    rule: Rule
    kind: RecordKind
    row: Any
    words: str
    writes_to_customer: bool
    # When it was to be before an edit of the calendar moved it.
    was_at: datetime | None = None
    # What it does, and what is set on that.
    action: RuleAction | None = None
    chosen: Chosen = field(default_factory=dict)

    @property
    def is_shadow(self) -> bool:
        return self.rule.mode == Mode.SHADOW

    @property
    def title(self) -> str:
        return self.kind.title(self.row)

    @property
    def person_id(self) -> int | None:
        return self.kind.person_id(self.row)


@dataclass(frozen=True)
class _PlannedStart:
    """The step at which a rule starts or continues for a record."""

    read: ReadRule
    record_id: int
    at: datetime
    step: int = 0
    was_at: datetime | None = None


def planned_steps(*, rule: Rule | None = None, person_id: int | None = None, days: int = DAYS) -> list[PlannedStep]:
    """Return the planned steps, soonest first, optionally of one rule or one customer."""
    until = clock.now() + timedelta(days=days)
    reads = {pk: read for pk, read in working_rules().rules.items() if not read.problem and rule in (None, read.rule)}
    starts = [*_timer_starts(reads, until), *_round_starts(reads, until), *_wait_starts(rule, until)]
    steps = [planned for start, row in _with_rows(starts, person_id) for planned in _steps_from(start, row, until)]
    return sorted(steps, key=lambda planned: (planned.at, planned.rule.pk))[:MOST]


def planned_departures(planned: Sequence[PlannedStep]) -> dict[int, Departure]:
    """Return the actual send times of planned steps, by index, where quiet hours or caps of the action delay them."""
    by_action: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(planned):
        if one.action is not None and one.action.departures is not None:
            by_action[one.action.name].append(place)
    by_place: dict[int, Departure] = {}
    for places in by_action.values():
        action = planned[places[0]].action
        assert action is not None, "it was asked above"
        assert action.departures is not None, "it was asked above"
        coming = [UpcomingAction(one.kind, one.row, one.chosen, one.at) for one in (planned[place] for place in places)]
        by_place |= zip(places, action.departures(coming), strict=True)
    return by_place


@dataclass(frozen=True)
class Collision:
    """A customer who would receive messages from several rules on one day."""

    day: date
    planned: Sequence[PlannedStep]


def find_collisions(planned: Iterable[PlannedStep]) -> list[Collision]:
    """Return the days on which two or more rules write to one customer, soonest first."""
    zone = directory().zone
    by_day: dict[tuple[date, int], list[PlannedStep]] = defaultdict(list)
    for one in planned:
        if one.writes_to_customer and one.person_id:
            by_day[one.at.astimezone(zone).date(), one.person_id].append(one)
    several = {place: steps for place, steps in by_day.items() if len({one.rule.pk for one in steps}) > 1}
    return [Collision(day, steps) for (day, _person), steps in sorted(several.items(), key=lambda item: item[0])]


def _timer_starts(reads: Mapping[int, ReadRule], until: datetime) -> Iterator[_PlannedStart]:
    timers = RuleTimer.objects.filter(rule__in=list(reads), at__lte=until).order_by("at", "pk")[:MOST]
    for timer in timers:
        yield _PlannedStart(reads[timer.rule_id], timer.record_id, timer.at, was_at=timer.was_at)


def _round_starts(reads: Mapping[int, ReadRule], until: datetime) -> Iterator[_PlannedStart]:
    """Return the starts of each rule's next round; a record appears in the next round only."""
    for read in reads.values():
        at = None
        if isinstance(read.trigger, RoundTrigger):
            at = next_round(read, clock.now())
        if at is None or at > until or not isinstance(read.trigger, RoundTrigger) or read.trigger.rows is None:
            continue
        rows = read.trigger.rows().filter(conditions_query(read.groups)).order_by("pk").values_list("pk", flat=True)
        for pk in rows[:MOST_OF_A_ROUND]:
            yield _PlannedStart(read, pk, at)


def _wait_starts(rule: Rule | None, until: datetime) -> Iterator[_PlannedStart]:
    runs = RuleRun.objects.waiting().filter(next_at__lte=until).select_related("rule", "version").order_by("next_at")
    for run in (runs.filter(rule=rule) if rule else runs)[:MOST]:
        read = ReadRule.of(run.rule, Definition.from_json(run.version.definition))
        if read.kind is not None and not read.problem:
            yield _PlannedStart(read, run.record_id, run.next_at, run.step, _was_at(run))


def _was_at(run: RuleRun) -> datetime | None:
    moved = [entry["data"]["from"] for entry in run.log if entry["state"] == "moved"]
    if moved:
        return datetime.fromisoformat(moved[-1])
    return None


def _with_rows(starts: Sequence[_PlannedStart], person_id: int | None) -> Iterator[tuple[_PlannedStart, Any]]:
    """Return the starts with their records, if the conditions hold now."""
    by_kind: dict[str, list[_PlannedStart]] = defaultdict(list)
    for start in starts:
        by_kind[start.read.definition.record].append(start)
    for kind_starts in by_kind.values():
        kind = kind_starts[0].read.kind
        assert kind is not None, "a rule without one has a problem"
        rows = kind.ruled_rows().filter(pk__in={start.record_id for start in kind_starts})
        mine = {row.pk: row for row in rows if person_id in (None, kind.person_id(row))}
        judged = judge_conditions(kind, list(mine), [group for start in kind_starts for group in start.read.groups])
        for start in kind_starts:
            if start.record_id in mine and all_groups_hold(start.read.groups, judged[start.record_id]):
                yield start, mine[start.record_id]


def _steps_from(start: _PlannedStart, row: Any, until: datetime) -> Iterator[PlannedStep]:
    """Return the planned steps from a start, each with its time; a wait delays the steps after it."""
    read = start.read
    kind = start.read.kind
    at = start.at
    assert kind is not None, "a rule without one has a problem"
    hours = directory().calendars.get(kind.calendar_id(row) or 0)
    steps: Sequence[tuple[Step, Any]] = list(zip(read.definition.steps, read.steps, strict=True))[start.step :]
    first = True
    for step, entry in steps:
        if isinstance(step, WaitStep):
            at = step.span.after(at, hours)
            continue
        if at > until:
            return
        action, options = entry
        values = chosen_values(options)
        yield PlannedStep(
            at,
            read.rule,
            kind,
            row,
            action.words(values),
            action.writes_to_customer,
            was_at=start.was_at if first else None,
            action=action,
            chosen=values,
        )
        first = False
