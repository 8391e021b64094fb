"""StepDraft: a step of a rule as it was typed, and as the editor shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.definition import DoStep, Step, WaitStep
from crm.automation.editor.options import OptionField, option_fields
from crm.automation.registry.actions import RuleAction, actions_of, find_action
from crm.automation.registry.options import Options
from crm.automation.registry.stops import StopSignal, stop_signals_of
from crm.automation.span import MOST, Span, SpanUnit
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number


@dataclass(frozen=True)
class StepDraft:
    """A step as typed. `action`: blank for a wait; `options`: None for the action's defaults."""

    action: str = ""
    options: Mapping[str, str] | None = None
    count: str = "1"
    unit: str = SpanUnit.DAYS
    stop_if: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_wait(self) -> bool:
        return not self.action

    @classmethod
    def of(cls, step: Step) -> "StepDraft":
        """Create a draft from a stored step."""
        if isinstance(step, WaitStep):
            return cls(count=str(step.span.count), unit=step.span.unit, stop_if=step.stop_if)
        return cls(step.action, step.options)

    @classmethod
    def from_form(cls, form: QueryDict, at: int) -> "StepDraft":
        """Read the step at an index of a submitted form."""
        name = form.get(f"s{at}-action", "")[:60]
        if form.get(f"s{at}") == "wait" or not name:
            stops = tuple(text[:60] for text in form.getlist(f"s{at}-stop"))[:20]
            return cls(count=form.get(f"s{at}-count", "")[:8], unit=form.get(f"s{at}-unit", ""), stop_if=stops)
        entry = find_action(name)
        # Another action was just chosen: what was set belongs to the one before.
        if entry is None or form.get(f"s{at}-of") != name:
            return cls(name)
        return cls(name, entry.options(form, prefix=f"s{at}-o").stored_values())

    def step(self) -> Step:
        """Return the step as it is stored; invalid values are kept."""
        if self.is_wait:
            return WaitStep(span_of(self.count, self.unit, lenient=True), self.stop_if)
        entry = find_action(self.action)
        return DoStep(self.action, self.stored_options(entry) if entry else dict(self.options or {}))

    def stored_options(self, found: RuleAction) -> dict[str, str]:
        """Return the options of the action, or its defaults if none are set."""
        if self.options is not None:
            return dict(self.options)
        return found.options().stored_values()

    def with_problem(self, record: str) -> "StepDraft":
        """Return the draft with its error noted."""
        return replace(self, problem=self._find_problem(record))

    def _find_problem(self, record: str) -> str:
        if self.is_wait:
            try:
                span = span_of(self.count, self.unit)
            except Refused as why:
                return str(why)
            if span.count:
                return ""
            return _("Enter how long to wait, or remove the step.")
        entry = find_action(self.action)
        if entry is None or not entry.fits(record):
            return _("This step no longer exists. Choose another, or remove it.")
        return entry.options(self.stored_options(entry)).problem()


def span_of(count: str, unit: str, *, lenient: bool = False) -> Span:
    """Parse a length of time. Raises Refused with a message; with `lenient`, invalid input returns 0 days."""
    number = read_number(count, most=MOST)
    if number is not None and unit in SpanUnit.values:
        return Span(number, SpanUnit(unit))
    if lenient:
        return Span(0)
    raise Refused(_("Enter a number from 0 to %(most)s.") % {"most": formats.whole_number(MOST)})


@dataclass(frozen=True)
class StepView:
    """A step as its template renders it. `number`: its number among the steps that are not waits."""

    at: int
    draft: StepDraft
    number: int
    is_first: bool
    is_last: bool
    actions: list[RuleAction] = field(default_factory=list)
    is_unknown: bool = False
    fields: list[OptionField] = field(default_factory=list)
    signals: list[StopSignal] = field(default_factory=list)

    @property
    def first_id(self) -> str:
        return f"s{self.at}-first"

    @property
    def up_id(self) -> str:
        return f"s{self.at}-up"

    @property
    def down_id(self) -> str:
        return f"s{self.at}-down"

    @property
    def units(self) -> Any:
        return SpanUnit.choices

    @property
    def problem(self) -> str:
        """Error of the step as a whole; blank if a field has an error, which is shown at the field."""
        if any(one.problem for one in self.fields):
            return ""
        return self.draft.problem


def step_views(drafts: list[StepDraft], record: str, *, judged: bool) -> list[StepView]:
    """Return the steps for the template."""
    rows = []
    number = 0
    actions = actions_of(record)
    for at, draft in enumerate(drafts):
        ends = (at == 0, at == len(drafts) - 1)
        if draft.is_wait:
            rows.append(StepView(at, draft, 0, *ends, signals=stop_signals_of(record)))
            continue
        number += 1
        entry = next((one for one in actions if one.name == draft.action), None)
        fields = []
        if entry:
            fields = option_fields(step_options(entry, draft, at, judged), str(entry.label), judged=judged)
        rows.append(StepView(at, draft, number, *ends, actions, entry is None, fields))
    return rows


def step_options(entry: RuleAction, draft: StepDraft, at: int, judged: bool) -> Options:
    """Return the option form of a step: unbound while nothing is set and no error is to be shown."""
    prefix = f"s{at}-o"
    if draft.options is None and not judged:
        return entry.options(prefix=prefix)
    return entry.options(
        {f"{prefix}-{name}": value for name, value in draft.stored_options(entry).items()}, prefix=prefix
    )
