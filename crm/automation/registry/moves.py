"""StageMove: an event that may move a lead into a step, offered in the step's settings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.functional import Promise

from crm.automation.definition import Definition, DoStep
from crm.automation.registry.records import missing_record
from crm.platform import features
from crm.platform.features import Feature

MOVE = "job.move"
JOB = "job"


@dataclass(frozen=True)
class StageMove:
    """A trigger about leads with its options. `key`: a short identifier, stored in the rule's preset."""

    key: str
    # What follows "moves here when": "an appointment is booked".
    label: str | Promise
    trigger: str
    options: Mapping[str, str] = field(default_factory=dict)
    # Whether it stands among the first, or in the list that is opened: of each kind of document.
    is_common: bool = True

    def definition(self, stage_id: int) -> Definition:
        """Return the definition of the rule that moves leads into a step."""
        return Definition(
            record=JOB, trigger=self.trigger, options=self.options, steps=(DoStep(MOVE, {"step": str(stage_id)}),)
        )

    def preset(self, stage_id: int) -> str:
        """Return the preset name of the rule for a step; unique, so there is at most one such rule."""
        return f"step.{stage_id}.{self.key}"


@dataclass(frozen=True)
class StageMoveSource(Feature):
    """The stage moves that an app offers in the current tenant."""

    unique: ClassVar[tuple[str, ...]] = ("read",)

    read: Callable[[], Iterable[StageMove]]

    def check(self) -> Iterable[str]:
        yield from missing_record(JOB)


def stage_moves() -> dict[str, StageMove]:
    """Return all stage moves by key, in order."""
    return {one.key: one for source in features.of(StageMoveSource) for one in source.read()}
