"""RuleDraft: a rule being edited: read from its form or definition, changed by buttons, validated, and saved.

Every button sends the whole form, so that it works without scripts and loses nothing that was typed.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.definition import MOST_STEPS, Definition, Once, RuleLimit
from crm.automation.editor import step_edits
from crm.automation.editor.conditions import ROW_ID, RuleConditions
from crm.automation.editor.steps import StepDraft, span_of
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import RoundTrigger, TimeTrigger, Trigger, all_triggers, find_trigger
from crm.automation.span import SpanUnit
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform import features

MOST_DAYS = 3650
# What a trigger of a time, and of days of the week, begins with.
FIRST_COUNT = "2"
WORKING_DAYS = (0, 1, 2, 3, 4)


@dataclass
class RuleDraft:
    """A rule as typed in the editor, valid or not."""

    name: str
    kind: RecordKind
    # Its trigger; blank for one that is gone.
    trigger_name: str
    conditions: RuleConditions
    options: dict[str, str] | None = None
    count: str = "0"
    unit: str = SpanUnit.DAYS
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
    def new(cls) -> "RuleDraft":
        """Return an empty draft for the first kind of record."""
        kind = features.of(RecordKind)[0]
        first = next(entry for entry in all_triggers() if entry.record == kind.key)
        return cls("", kind, first.name, RuleConditions.empty(kind))

    @classmethod
    def of(cls, name: str, definition: Definition) -> "RuleDraft":
        """Create a draft from a definition; an empty one if its kind of record no longer exists."""
        kind = record_kind(definition.record)
        if kind is None:
            return replace(cls.new(), name=name)
        return cls(
            name,
            kind,
            definition.trigger,
            RuleConditions.from_stored(kind, definition.where),
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
    def from_form(cls, form: QueryDict) -> "RuleDraft":
        """Create a draft from a submitted form."""
        kind = record_kind(form.get("record", "")) or features.of(RecordKind)[0]
        name = form.get("trigger", "")[:60]
        chosen_trigger = find_trigger(name)
        if chosen_trigger is None or chosen_trigger.record != kind.key:
            chosen_trigger = next(entry for entry in all_triggers() if entry.record == kind.key)
        # Another kind of record or trigger was just chosen: what was set belongs to the one before.
        same = form.get("trigger_of") == chosen_trigger.name
        moved = form.get("record_of", kind.key) != kind.key
        count = len([key for key in form if key.startswith("s") and read_number(key[1:]) is not None])
        draft = cls(
            form.get("name", "")[:200],
            kind,
            chosen_trigger.name,
            RuleConditions.empty(kind) if moved else RuleConditions.from_form(kind, form),
            chosen_trigger.options(form, prefix="t").stored_values() if same else None,
            form.get("count", "0")[:8],
            form.get("unit", SpanUnit.DAYS),
            form.get("before") == "before",
            tuple(sorted({int(day) for day in form.getlist("weekday") if day in set("0123456")})),
            form.get("at_hour", "")[:2],
            [StepDraft.from_form(form, at) for at in range(min(count, MOST_STEPS))],
            form.get("once", ""),
            form.get("days", "")[:5],
        )
        if not same:
            draft._begin_trigger(form)
        return draft

    def _begin_trigger(self, form: QueryDict) -> None:
        """Set the default time of a newly chosen trigger, unless the draft has one."""
        if self.is_time and self.count == "0":
            self.count = FIRST_COUNT
        if self.may_count_back and "before" not in form:
            self.before = True
        if self.is_round and not self.weekdays:
            self.weekdays = WORKING_DAYS

    def act(self, do: str) -> None:
        """Perform the action of a button, such as `step`, `up:2`, `remove-step:1`, or an action of the conditions."""
        act, _colon, place = do.partition(":")
        if act in step_edits.ACTS:
            self.focus = step_edits.edit_steps(self.steps, act, place, self.kind.key) or self.focus
        else:
            self.focus = self.conditions.act(act, place)

    def judge(self) -> bool:
        """Validate each part and note its errors. Returns True if there are none."""
        self.is_judged = True
        self.problems = {place: words for place, words in self._find_problems() if words}
        self.steps = [step.with_problem(self.kind.key) for step in self.steps]
        fine = self.conditions.judge()
        return fine and not self.problems and not any(step.problem for step in self.steps)

    def _find_problems(self) -> list[tuple[str, str]]:
        entry = self.trigger
        wrong = [("name", "" if self.name.strip() else _("Enter a name."))]
        if entry is None:
            wrong.append(("trigger", _("What starts this trigger no longer exists. Choose something else.")))
        else:
            wrong.append(("trigger", entry.options(self.trigger_options(entry)).problem()))
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

    @property
    def trigger(self) -> Trigger | None:
        entry = find_trigger(self.trigger_name)
        if entry and entry.record == self.kind.key:
            return entry
        return None

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
        """Return the options of the trigger, or its defaults if none are set."""
        if self.options is not None:
            return self.options
        return found.options().stored_values()

    def definition(self) -> Definition:
        """Return the definition without invalid parts, so that an incomplete draft can be tried."""
        entry = self.trigger
        timed = self.is_time or self.is_round
        return Definition(
            self.kind.key,
            self.trigger_name,
            options=self.trigger_options(entry) if entry else dict(self.options or {}),
            span=span_of(self.count if self.is_time else "0", self.unit, lenient=True),
            before=self.before and self.may_count_back,
            weekdays=self.weekdays if self.is_round else (),
            at_hour=read_number(self.at_hour, most=23) if timed else None,
            where=self.conditions.where(),
            steps=tuple(step.step() for step in self.steps),
            limit=RuleLimit(
                Once(self.once) if self.once in Once.values else Once.VALUE,
                self._days if self.once == Once.DAYS else 0,
            ),
        )

    @property
    def first_problem(self) -> str:
        """The id of the first field with an error, which gets the focus."""
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
        if "steps" in self.problems:
            return "add-step"
        return "once"


def _problem_of(read: Any) -> str:
    try:
        read()
    except Refused as why:
        return str(why)
    return ""
