"""StepDraft: a step of a rule as it was typed, and as the editor shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.definition import Do, Step, Wait
from crm.automation.editor.options import Drawn, drawn
from crm.automation.registry.actions import Action, action, actions_of
from crm.automation.registry.options import Options
from crm.automation.registry.stops import StopSignal, stop_signals_of
from crm.automation.span import MOST, Span, Unit
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number


@dataclass(frozen=True)
class StepDraft:
    """A step. `action`: blank for a wait; `options`: None for those an action begins with."""

    action: str = ""
    options: Mapping[str, str] | None = None
    count: str = "1"
    unit: str = Unit.DAYS
    stop_if: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_wait(self) -> bool:
        return not self.action

    @classmethod
    def of(cls, step: Step) -> "StepDraft":
        """Make it of a stored step."""
        if isinstance(step, Wait):
            return cls(count=str(step.span.count), unit=step.span.unit, stop_if=step.stop_if)
        return cls(step.action, step.options)

    @classmethod
    def sent(cls, form: QueryDict, at: int) -> "StepDraft":
        """Read the step at this place of a sent form."""
        name = form.get(f"s{at}-action", "")[:60]
        if form.get(f"s{at}") == "wait" or not name:
            stops = tuple(text[:60] for text in form.getlist(f"s{at}-stop"))[:20]
            return cls(count=form.get(f"s{at}-count", "")[:8], unit=form.get(f"s{at}-unit", ""), stop_if=stops)
        found = action(name)
        # Another action was just chosen: what was set belongs to the one before.
        if found is None or form.get(f"s{at}-of") != name:
            return cls(name)
        return cls(name, found.options(form, prefix=f"s{at}-o").stored())

    def step(self) -> Step:
        """Return the step as it is stored, with what is not valid as it stands."""
        if self.is_wait:
            return Wait(span_of(self.count, self.unit, lenient=True), self.stop_if)
        found = action(self.action)
        return Do(self.action, self.stored(found) if found else dict(self.options or {}))

    def stored(self, found: Action) -> dict[str, str]:
        """Return what is set on it; what it begins with where nothing was set."""
        if self.options is not None:
            return dict(self.options)
        return found.options().stored()

    def judged(self, record: str) -> "StepDraft":
        """Return it with what is wrong with it."""
        return replace(self, problem=self._problem(record))

    def _problem(self, record: str) -> str:
        if self.is_wait:
            try:
                span = span_of(self.count, self.unit)
            except Refused as why:
                return str(why)
            if span.count:
                return ""
            return _("Enter how long to wait, or remove the step.")
        found = action(self.action)
        if found is None or not found.fits(record):
            return _("This step no longer exists. Choose another, or remove it.")
        return found.options(self.stored(found)).problem()


def span_of(count: str, unit: str, *, lenient: bool = False) -> Span:
    """Read a length of time. Raises Refused with a sentence; `lenient`: 0 days for what cannot be read."""
    number = read_number(count, most=MOST)
    if number is not None and unit in Unit.values:
        return Span(number, Unit(unit))
    if lenient:
        return Span(0)
    raise Refused(_("Enter a number from 0 to %(most)s.") % {"most": f"{MOST:,}"})


@dataclass(frozen=True)
class StepView:
    """A step as its template renders it. `number`: of those that do something."""

    at: int
    draft: StepDraft
    number: int
    is_first: bool
    is_last: bool
    actions: list[Action] = field(default_factory=list)
    is_unknown: bool = False
    fields: list[Drawn] = field(default_factory=list)
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
        return Unit.choices

    @property
    def problem(self) -> str:
        """What is wrong with the step as a whole; what is wrong with a field stands at the field."""
        if any(one.problem for one in self.fields):
            return ""
        return self.draft.problem


def views(drafts: list[StepDraft], record: str, *, judged: bool) -> list[StepView]:
    """Return the steps for their template."""
    found = []
    number = 0
    known = actions_of(record)
    for at, draft in enumerate(drafts):
        ends = (at == 0, at == len(drafts) - 1)
        if draft.is_wait:
            found.append(StepView(at, draft, 0, *ends, signals=stop_signals_of(record)))
            continue
        number += 1
        entry = next((one for one in known if one.name == draft.action), None)
        fields = []
        if entry:
            fields = drawn(_options(entry, draft, at, judged), str(entry.label), judged=judged)
        found.append(StepView(at, draft, number, *ends, known, entry is None, fields))
    return found


def _options(entry: Action, draft: StepDraft, at: int, judged: bool) -> Options:
    prefix = f"s{at}-o"
    if draft.options is None and not judged:
        return entry.options(prefix=prefix)
    return entry.options({f"{prefix}-{name}": value for name, value in draft.stored(entry).items()}, prefix=prefix)
