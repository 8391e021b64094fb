"""SequenceDefinition: the stored form of a sequence: its steps, what must stay true, and what ends it. No queries.

Actions, signals and questions are stored by name and read against what apps offer today by `setup.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.automation.span import Span, SpanUnit

# More steps, forks included, are a project and not a sequence.
MOST_STEPS = 30
# A fork may stand in a fork, and no deeper.
MOST_NESTED = 2


class Otherwise(models.TextChoices):
    """What becomes of a message step if no channel may carry the message."""

    SKIP = "skip", _("skip it")
    CALL = "call", _("plan a call")


class Unanswered(models.TextChoices):
    """What becomes of the sequence if a call step is completed without reaching the customer."""

    GO_ON = "go_on", _("go on")
    END = "end", _("end the sequence")


@dataclass(frozen=True)
class SequenceAct:
    """A step that does something: an action of rules (crm/automation/registry/actions.py) with its options."""

    action: str
    options: Mapping[str, str] = field(default_factory=dict)
    # Of a message.
    otherwise: Otherwise = Otherwise.SKIP
    # Of a follow-up: the next step waits until it is done; and what a call in vain does.
    holds: bool = True
    unanswered: Unanswered = Unanswered.GO_ON


@dataclass(frozen=True)
class SequenceWait:
    """A step that waits, counted by the calendar of the job's brand."""

    span: Span


@dataclass(frozen=True)
class SequenceFork:
    """A step that asks a question and goes one of two ways.

    `question`: the name of a `ForkQuestion`, about what the customer did since the last message; blank: the conditions
    in `where`, as the address of the lead list has them.
    """

    question: str = ""
    where: str = ""
    yes: "tuple[SequenceStep, ...]" = ()
    no: "tuple[SequenceStep, ...]" = ()


SequenceStep: TypeAlias = SequenceAct | SequenceWait | SequenceFork


@dataclass(frozen=True)
class SequenceDefinition:
    """The complete definition of one version of a sequence."""

    steps: tuple[SequenceStep, ...] = ()
    # Conditions of the lead list that must hold as long as a lead is in it; blank: none.
    stays: str = ""
    # What ends it beside what always does: names of `StopChoice`s and of StopSignals about leads.
    stops: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the definition as JSON data, as it is stored."""
        return {"steps": [_step_to_json(step) for step in self.steps], "stays": self.stays, "stops": list(self.stops)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SequenceDefinition":
        """Parse the JSON data that `to_json` returns."""
        return cls(_parse_steps(stored["steps"]), stored["stays"], tuple(stored["stops"]))


@dataclass(frozen=True)
class SequenceNode:
    """A step at its position, and the positions that follow it; None: the end.

    `following`: of a fork the way of yes; `other`: of a fork the way of no.
    """

    position: int
    step: SequenceStep
    following: int | None
    other: int | None = None
    # How deep it stands within forks.
    depth: int = 0


def compile_steps(steps: Sequence[SequenceStep]) -> tuple[SequenceNode, ...]:
    """Number the steps of a version, the ways of a fork included, in the order they are read. Pure."""
    nodes: dict[int, SequenceNode] = {}
    _number_steps(steps, 0, None, 0, nodes)
    return tuple(nodes[position] for position in sorted(nodes))


def _number_steps(
    steps: Sequence[SequenceStep], first: int, after: int | None, depth: int, nodes: dict[int, SequenceNode]
) -> None:
    """Number steps from `first` on; after the last of them comes `after`."""
    position = first
    for number, step in enumerate(steps):
        following: int | None = position + count_steps([step])
        if number == len(steps) - 1:
            following = after
        if isinstance(step, SequenceFork):
            no = position + 1 + count_steps(step.yes)
            _number_steps(step.yes, position + 1, following, depth + 1, nodes)
            _number_steps(step.no, no, following, depth + 1, nodes)
            yes_way = position + 1
            nodes[position] = SequenceNode(
                position, step, yes_way if step.yes else following, no if step.no else following, depth
            )
        else:
            nodes[position] = SequenceNode(position, step, following, depth=depth)
        position += count_steps([step])


def count_steps(steps: Sequence[SequenceStep]) -> int:
    """Return how many steps these are, those within forks included."""
    return sum(1 for _step in all_steps(steps))


def all_steps(steps: Sequence[SequenceStep]) -> Iterator[SequenceStep]:
    """Yield all steps, those within forks included, in the order of their positions."""
    for step in steps:
        yield step
        if isinstance(step, SequenceFork):
            yield from all_steps(step.yes)
            yield from all_steps(step.no)


def _parse_steps(stored: Sequence[Mapping[str, Any]]) -> tuple[SequenceStep, ...]:
    return tuple(_parse_step(step) for step in stored)


def _parse_step(stored: Mapping[str, Any]) -> SequenceStep:
    if "wait" in stored:
        return SequenceWait(Span(stored["wait"]["count"], SpanUnit(stored["wait"]["unit"])))
    if "yes" in stored:
        return SequenceFork(
            stored["question"], stored["where"], _parse_steps(stored["yes"]), _parse_steps(stored["no"])
        )
    return SequenceAct(
        stored["action"],
        stored["options"],
        Otherwise(stored["otherwise"]),
        stored["holds"],
        Unanswered(stored["unanswered"]),
    )


def _step_to_json(step: SequenceStep) -> dict[str, Any]:
    if isinstance(step, SequenceWait):
        return {"wait": {"count": step.span.count, "unit": str(step.span.unit)}}
    if isinstance(step, SequenceFork):
        ways = {name: [_step_to_json(one) for one in way] for name, way in (("yes", step.yes), ("no", step.no))}
        return {"question": step.question, "where": step.where, **ways}
    return {
        "action": step.action,
        "options": dict(step.options),
        "otherwise": str(step.otherwise),
        "holds": step.holds,
        "unanswered": str(step.unanswered),
    }
