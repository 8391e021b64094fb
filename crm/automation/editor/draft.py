"""Draft: a rule as it was typed: read from its form or its definition, changed by buttons, judged, and made a rule of.

Every button sends the whole form, so that it works without scripts and loses nothing that was typed.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.definition import MOST_STEPS, Definition, Limit, Once
from crm.automation.editor.conditions import ROW_ID, Conditions, dragged
from crm.automation.editor.options import Drawn, drawn
from crm.automation.editor.steps import StepDraft, StepView, span_of, views
from crm.automation.editor.words import day_name
from crm.automation.registry.actions import actions_of
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import RoundTrigger, TimeTrigger, Trigger, trigger, triggers
from crm.automation.span import Unit
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform import features

MOST_DAYS = 3650
# What a trigger of a time, and of days of the week, begins with.
FIRST_COUNT = "2"
WORKING_DAYS = (0, 1, 2, 3, 4)


@dataclass
class Draft:
    """A rule as it was typed."""

    name: str
    kind: RecordKind
    # Its trigger; blank for one that is gone.
    trigger_name: str
    conditions: Conditions
    options: dict[str, str] | None = None
    count: str = "0"
    unit: str = Unit.DAYS
    before: bool = False
    weekdays: tuple[int, ...] = ()
    at_hour: str = ""
    steps: list[StepDraft] = field(default_factory=list)
    once: str = Once.VALUE
    days: str = ""
    # What is wrong, by the part it is wrong with: name, trigger, span, weekdays, steps, limit.
    problems: dict[str, str] = field(default_factory=dict)
    is_judged: bool = False
    # The id of the field that gets the focus when it is shown again.
    focus: str = ""

    @classmethod
    def new(cls) -> "Draft":
        """Return an empty one, of the first kind of record."""
        kind = features.of(RecordKind)[0]
        first = next(entry for entry in triggers() if entry.record == kind.key)
        return cls("", kind, first.name, Conditions.none(kind))

    @classmethod
    def of(cls, name: str, definition: Definition) -> "Draft":
        """Make it of a definition; of one whose kind of record is gone, an empty one."""
        kind = record_kind(definition.record)
        if kind is None:
            return replace(cls.new(), name=name)
        return cls(
            name,
            kind,
            definition.trigger,
            Conditions.stored(kind, definition.where),
            dict(definition.options),
            str(definition.span.count),
            definition.span.unit,
            definition.before,
            definition.weekdays,
            "" if definition.at_hour is None else str(definition.at_hour),
            [StepDraft.of(step) for step in definition.steps],
            definition.limit.once,
            str(definition.limit.days or ""),
        )

    @classmethod
    def sent(cls, form: QueryDict) -> "Draft":
        """Read a sent form."""
        kind = record_kind(form.get("record", "")) or features.of(RecordKind)[0]
        name = form.get("trigger", "")[:60]
        found = trigger(name)
        if found is None or found.record != kind.key:
            found = next(entry for entry in triggers() if entry.record == kind.key)
        # Another kind of record or trigger was just chosen: what was set belongs to the one before.
        same = form.get("trigger_of") == found.name
        moved = form.get("record_of", kind.key) != kind.key
        count = len([key for key in form if key.startswith("s") and read_number(key[1:]) is not None])
        draft = cls(
            form.get("name", "")[:200],
            kind,
            found.name,
            Conditions.none(kind) if moved else Conditions.sent(kind, form),
            found.options(form, prefix="t").stored() if same else None,
            form.get("count", "0")[:8],
            form.get("unit", Unit.DAYS),
            form.get("before") == "before",
            tuple(sorted({int(day) for day in form.getlist("weekday") if day in set("0123456")})),
            form.get("at_hour", "")[:2],
            [StepDraft.sent(form, at) for at in range(min(count, MOST_STEPS))],
            form.get("once", ""),
            form.get("days", "")[:5],
        )
        if not same:
            draft._begin_trigger(form)
        return draft

    def _begin_trigger(self, form: QueryDict) -> None:
        """Set when a trigger that was just chosen fires, where nothing was set for the one before."""
        if self.is_time and self.count == "0":
            self.count = FIRST_COUNT
        if self.may_count_back and "before" not in form:
            self.before = True
        if self.is_round and not self.weekdays:
            self.weekdays = WORKING_DAYS

    # What is done to it

    def act(self, do: str) -> None:
        """Do what a button says, such as `step`, `up:2`, `remove-step:1`, or one of the conditions' own.

        `move:2::0` is a step that was dragged: which one, and before which.
        """
        act, _colon, place = do.partition(":")
        number = read_number(place)
        at = -1 if number is None else number
        if act in ("step", "wait") and len(self.steps) < MOST_STEPS:
            self.steps.append(self._first_step() if act == "step" else StepDraft())
            self.focus = f"s{len(self.steps) - 1}-first"
        elif act == "remove-step" and 0 <= at < len(self.steps):
            del self.steps[at]
            self.focus = f"s{min(at, len(self.steps) - 1)}-first" if self.steps else "add-step"
        elif act in ("up", "down"):
            self._swap(at, at + (1 if act == "down" else -1), act)
        elif act == "move":
            self._move(*dragged(place))
        else:
            self.focus = self.conditions.act(act, place)

    def _first_step(self) -> StepDraft:
        """Return a step with the first action that is valid as it begins: none is sent without a template."""
        actions = actions_of(self.kind.key)
        valid = (each for each in actions if not each.options(each.options().stored()).problem())
        return StepDraft(next(valid, actions[0]).name)

    def _swap(self, at: int, to: int, act: str) -> None:
        if not (0 <= at < len(self.steps) and 0 <= to < len(self.steps)):
            return
        self.steps[at], self.steps[to] = self.steps[to], self.steps[at]
        is_end = to in (0, len(self.steps) - 1)
        self.focus = f"s{to}-first" if is_end else f"s{to}-{act}"

    def _move(self, at: int | None, _list: str, before: int | None) -> None:
        if at is None or at >= len(self.steps):
            return
        to = len(self.steps) if before is None else min(before, len(self.steps))
        step = self.steps.pop(at)
        to -= to > at
        self.steps.insert(to, step)
        self.focus = f"s{to}-first"

    def judge(self) -> bool:
        """Note what is wrong with each part; True for nothing."""
        self.is_judged = True
        self.problems = {place: words for place, words in self._problems() if words}
        self.steps = [step.judged(self.kind.key) for step in self.steps]
        fine = self.conditions.judge()
        return fine and not self.problems and not any(step.problem for step in self.steps)

    def _problems(self) -> list[tuple[str, str]]:
        found = self.trigger
        wrong = [("name", "" if self.name.strip() else _("Enter a name."))]
        if found is None:
            wrong.append(("trigger", _("What starts this trigger no longer exists. Choose something else.")))
        else:
            wrong.append(("trigger", found.options(self.trigger_options(found)).problem()))
        if self.is_time:
            wrong.append(("span", _problem_of(lambda: span_of(self.count, self.unit))))
        if self.is_round and not self.weekdays:
            wrong.append(("weekdays", _("Choose at least one day.")))
        if not any(not step.is_wait for step in self.steps):
            wrong.append(("steps", _("This trigger does nothing yet. Add a step.")))
        elif self.steps[-1].is_wait:
            wrong.append(("steps", _("The last step is a wait. Add a step after it, or remove it.")))
        if self.once not in Once.values:
            wrong.append(("limit", _("Choose how often it may run.")))
        if self.once == Once.DAYS and not self._days:
            wrong.append(("limit", _("Enter a number of days.")))
        return wrong

    # What it stands for

    @property
    def trigger(self) -> Trigger | None:
        found = trigger(self.trigger_name)
        return found if found and found.record == self.kind.key else None

    @property
    def is_time(self) -> bool:
        return isinstance(self.trigger, TimeTrigger)

    @property
    def is_round(self) -> bool:
        return isinstance(self.trigger, RoundTrigger)

    @property
    def may_count_back(self) -> bool:
        return isinstance(self.trigger, TimeTrigger) and self.trigger.before

    @property
    def _days(self) -> int:
        return read_number(self.days, most=MOST_DAYS) or 0

    def trigger_options(self, found: Trigger) -> dict[str, str]:
        """Return what is set on its trigger; what that begins with where nothing was set."""
        return self.options if self.options is not None else found.options().stored()

    def definition(self) -> Definition:
        """Return the definition; what is not valid is left out, so that one half typed can be tried."""
        found = self.trigger
        timed = self.is_time or self.is_round
        return Definition(
            self.kind.key,
            self.trigger_name,
            options=self.trigger_options(found) if found else dict(self.options or {}),
            span=span_of(self.count if self.is_time else "0", self.unit, lenient=True),
            before=self.before and self.may_count_back,
            weekdays=self.weekdays if self.is_round else (),
            at_hour=read_number(self.at_hour, most=23) if timed else None,
            where=self.conditions.where(),
            steps=tuple(step.step() for step in self.steps),
            limit=Limit(
                Once(self.once) if self.once in Once.values else Once.VALUE,
                self._days if self.once == Once.DAYS else 0,
            ),
        )

    # How it is drawn

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        return features.of(RecordKind)

    @property
    def trigger_groups(self) -> list[tuple[str, list[Trigger]]]:
        """The triggers of its kind of record, under headings."""
        mine = [entry for entry in triggers() if entry.record == self.kind.key]
        rounds: list[Trigger] = [entry for entry in mine if isinstance(entry, RoundTrigger)]
        times: list[Trigger] = [entry for entry in mine if isinstance(entry, TimeTrigger)]
        others = [entry for entry in mine if entry not in rounds and entry not in times]
        named = [(_("When it happens"), others), (_("After some time"), times), (_("On days of the week"), rounds)]
        return [(words, found) for words, found in named if found]

    @property
    def trigger_fields(self) -> list[Drawn]:
        """The options of its trigger."""
        found = self.trigger
        if found is None:
            return []
        options: Options = found.options(prefix="t")
        if self.options is not None or self.is_judged:
            set_on_it = {f"t-{name}": value for name, value in self.trigger_options(found).items()}
            options = found.options(set_on_it, prefix="t")
        return drawn(options, str(found.label), judged=self.is_judged)

    @property
    def step_views(self) -> list[StepView]:
        return views(self.steps, self.kind.key, judged=self.is_judged)

    @property
    def is_full(self) -> bool:
        return len(self.steps) >= MOST_STEPS

    @property
    def units(self) -> Any:
        return Unit.choices

    @property
    def days_of_week(self) -> list[tuple[int, str, bool]]:
        """The days of a round: number, name, and whether it is one of them."""
        return [(day, day_name(day), day in self.weekdays) for day in range(7)]

    @property
    def limits(self) -> Any:
        return Once.choices

    @property
    def first_problem(self) -> str:
        """The id of the first field that is wrong, which gets the focus."""
        places = {"name": "rule-name", "trigger": "trigger", "span": "count", "weekdays": "weekday-0"}
        for place, at in places.items():
            if place in self.problems:
                return at
        wrong = next((at for at, row in enumerate(self.conditions.rows) if row.problem), None)
        if wrong is not None:
            return f"{ROW_ID}{wrong}"
        bad = next((at for at, step in enumerate(self.steps) if step.problem), None)
        if bad is not None:
            return f"s{bad}-first"
        return "add-step" if "steps" in self.problems else "once"


def _problem_of(read: Any) -> str:
    try:
        read()
    except Refused as why:
        return str(why)
    return ""
