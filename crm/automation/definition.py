"""Definition: the stored form of a rule: its trigger, conditions, steps and limit. No queries.

Names of triggers and actions, and what was set on them, as texts: they are read against what apps offer today by
`setup.py`, which says what is not there any more.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.automation.span import Span, SpanUnit

# More steps are a project, not a rule.
MOST_STEPS = 12


class Once(models.TextChoices):
    """Frequency limits: how often a rule may fire for one record."""

    ALWAYS = "always", _("each time")
    VALUE = "value", _("once per step, date or value")
    DAY = "day", _("once a day")
    DAYS = "days", _("once every … days")
    RECORD = "record", _("once only")


@dataclass(frozen=True)
class RuleLimit:
    """The limit of a rule: how often it may fire for one record. `days` is used by `Once.DAYS` only."""

    once: Once = Once.VALUE
    days: int = 0


@dataclass(frozen=True)
class DoStep:
    """A step that does something."""

    action: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitStep:
    """A step that waits. The run ends if one of these signals arrives during the wait."""

    span: Span
    stop_if: tuple[str, ...] = ()


Step: TypeAlias = DoStep | WaitStep


@dataclass(frozen=True)
class Definition:
    """The complete definition of a rule."""

    # The key of a RecordKind, and the name of a Trigger of it.
    record: str
    trigger: str
    options: Mapping[str, str] = field(default_factory=dict)
    # Of a time: how long after its instant, or before it; of a round, its days of the week, Monday 0. And of both the
    # hour of the day, by the clock of the brand, or the organization.
    span: Span = field(default_factory=lambda: Span(0))
    before: bool = False
    weekdays: tuple[int, ...] = ()
    at_hour: int | None = None
    # Conditions, as the address of the record's list has them.
    where: str = ""
    steps: tuple[Step, ...] = ()
    limit: RuleLimit = field(default_factory=RuleLimit)

    def to_json(self) -> dict[str, Any]:
        """Return the definition as JSON data, as it is stored."""
        steps = [_step_to_json(step) for step in self.steps]
        return asdict(self) | {"steps": steps, "weekdays": list(self.weekdays)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Definition":
        """Parse the JSON data that `to_json` returns."""
        limit = stored["limit"]
        return cls(
            **{name: stored[name] for name in ("record", "trigger", "options", "before", "at_hour", "where")},
            span=_parse_span(stored["span"]),
            weekdays=tuple(stored["weekdays"]),
            steps=tuple(_parse_step(step) for step in stored["steps"]),
            limit=RuleLimit(Once(limit["once"]), limit["days"]),
        )


def _parse_span(stored: Mapping[str, Any]) -> Span:
    return Span(stored["count"], SpanUnit(stored["unit"]))


def _parse_step(stored: Mapping[str, Any]) -> Step:
    if "wait" in stored:
        return WaitStep(_parse_span(stored["wait"]), tuple(stored["stop_if"]))
    return DoStep(stored["action"], stored["options"])


def _step_to_json(step: Step) -> dict[str, Any]:
    if isinstance(step, WaitStep):
        return {"wait": asdict(step.span), "stop_if": list(step.stop_if)}
    return {"action": step.action, "options": dict(step.options)}
