"""Building blocks of packs: a message, a follow-up, another act, a wait and a fork, in short."""

from typing import Any

from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.parts import template_key
from followups.sequences.definition import SequenceAct, SequenceFork, SequenceStep, SequenceWait
from followups.sequences.setup import MESSAGE, TASK


def send(*keys: str, by: tuple[str, ...] = ("email", "sms"), **more: Any) -> SequenceAct:
    """Build a message step from the first of these templates that exists. Raises Refused if none does."""
    media = dict(zip(("first", "second", "third"), (*by, "", ""), strict=False))
    return SequenceAct(MESSAGE, {"template": template_key(*keys), "hours": "", **media}, **more)


def plan(
    kind: str, title: str, *, hours: int = 8, who: str = "owner", priority: Priority = Priority.NORMAL, **more: Any
) -> SequenceAct:
    """Build a follow-up step, due in so many working hours."""
    options = {"kind": kind, "title": title, "who": who, "count": str(hours), "unit": str(SpanUnit.WORKING_HOURS)}
    return SequenceAct(TASK, options | {"priority": str(int(priority)), "until": ""}, **more)


def do(action: str, **options: str) -> SequenceAct:
    """Build a step of another action of triggers."""
    return SequenceAct(action, options)


def wait_days(count: int, unit: SpanUnit = SpanUnit.DAYS) -> SequenceWait:
    """Build a wait of days."""
    return SequenceWait(Span(count, unit))


def ask(question: str, *, yes: tuple[SequenceStep, ...] = (), no: tuple[SequenceStep, ...] = ()) -> SequenceFork:
    """Build a fork about what the customer did."""
    return SequenceFork(question, "", yes, no)
