"""Preview of moving those inside a version to another one: how many at which step, where they go on, what they miss."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from crm.platform.models import Member
from followups.sequences.definition import SequenceWait
from followups.sequences.editor.sequence_text import step_text
from followups.sequences.models import Enrolment, SequenceVersion
from followups.sequences.moving.moves import movable_rows
from followups.sequences.moving.step_mapping import StepMapping


@dataclass(frozen=True)
class MoveGroup:
    """Those at one step: how many, where they stand and where they go on, what they miss, and what they get again.

    `after` is None if they stay, as nothing follows for them there.
    """

    position: int
    count: int
    before: str
    after: str | None
    is_same: bool
    skipped: list[str]
    repeated: list[str]


@dataclass(frozen=True)
class MovePreview:
    """The effect of a move."""

    groups: list[MoveGroup] = field(default_factory=list)
    # How many wait for a follow-up, and stay until it is done.
    held: int = 0

    @property
    def moving(self) -> int:
        return sum(group.count for group in self.groups if group.after is not None)

    @property
    def staying(self) -> int:
        """How many have no step left in the other version."""
        return sum(group.count for group in self.groups if group.after is None)


def preview_move(source: SequenceVersion, target: SequenceVersion, member: Member) -> MovePreview:
    """Return what moving those inside a version would do now. Two queries; writes nothing."""
    mapping = StepMapping.of(source.nodes, target.nodes)
    rows = movable_rows(source, member).order_by()
    counts = rows.values_list("position").annotate(count=Count("pk")).order_by("position")
    waiting = Enrolment.objects.visible_to(member).inside().in_test(False).filter(version=source, task__isnull=False)
    groups = [_build_group(source, target, mapping, position, count) for position, count in counts]
    return MovePreview(groups, waiting.count())


def _build_group(
    source: SequenceVersion, target: SequenceVersion, mapping: StepMapping, position: int, count: int
) -> MoveGroup:
    place = mapping.place_of(position)
    before = _step_words(source, position)
    after = None
    if place.position is not None:
        after = _step_words(target, place.position)
    return MoveGroup(
        position,
        count,
        before,
        after,
        place.is_same and after == before,
        [_step_words(target, one) for one in place.skipped],
        [_step_words(target, one) for one in place.repeated],
    )


def _step_words(version: SequenceVersion, position: int) -> str:
    step = version.nodes[position].step
    words = step_text(step).line
    if isinstance(step, SequenceWait):
        return _("Wait %(span)s") % {"span": words}
    return words
