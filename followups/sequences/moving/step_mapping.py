"""Find where those at each step of one version go on in another: the steps of both are compared, as texts are. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from followups.sequences.definition import SequenceAct, SequenceFork, SequenceNode, SequenceWait

Nodes = Sequence[SequenceNode]


class NextPlace(NamedTuple):
    """Where those at a step go on. `position`: in the other version; None if no step is left for them there.

    `is_same`: it is the step at which they stand, changed or not; else one behind it.
    """

    position: int | None
    is_same: bool = False
    # Acts of the other version that they will not get, as they are past them.
    skipped: tuple[int, ...] = ()
    # Acts that they have had, and would get again.
    repeated: tuple[int, ...] = ()


@dataclass(frozen=True)
class StepMapping:
    """The steps of one version and what each became in another, by position."""

    old: Nodes
    new: Nodes
    matches: dict[int, int]

    @classmethod
    def of(cls, old: Nodes, new: Nodes) -> "StepMapping":
        """Compare two versions: equal steps match, and in a changed part those of one kind, in order."""
        matcher = SequenceMatcher(None, [_key(node) for node in old], [_key(node) for node in new], autojunk=False)
        pairs: dict[int, int] = {}
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if tag == "equal":
                pairs |= zip(range(old_from, old_to), range(new_from, new_to), strict=True)
            elif tag == "replace":
                pairs |= _pair_changed(old[old_from:old_to], new[new_from:new_to])
        return cls(old, new, pairs)

    def place_of(self, position: int) -> NextPlace:
        """Return where those at a position go on."""
        to = self._find_place(position)
        if to is None:
            return NextPlace(None)
        reached = set(self.matches.values())
        fresh = [node for node in self.new if isinstance(node.step, SequenceAct) and node.position not in reached]
        had = {_key(node) for node in self.old[:position] if isinstance(node.step, SequenceAct)}
        return NextPlace(
            to,
            self.matches.get(position) == to,
            tuple(node.position for node in fresh if node.position < to),
            tuple(node.position for node in fresh if node.position >= to and _key(node) in had),
        )

    def _find_place(self, position: int) -> int | None:
        """Return the match of a step, else of the next one that has some, else what follows the last one before it."""
        ahead: int | None = position
        while ahead is not None:
            if ahead in self.matches:
                return self.matches[ahead]
            ahead = self.old[ahead].following
        before = [self.matches[one] for one in range(position) if one in self.matches]
        if not before:
            return 0
        return self.new[max(before)].following


def _key(node: SequenceNode) -> Any:
    """Return what must be equal for two steps to be one: of a fork its question, without its ways."""
    step = node.step
    if isinstance(step, SequenceFork):
        return ("fork", node.depth, step.question, step.where)
    if isinstance(step, SequenceWait):
        return ("wait", node.depth, step.span)
    rest = (step.otherwise, step.holds, step.unanswered)
    return ("act", node.depth, step.action, tuple(sorted(step.options.items())), rest)


def _kind(node: SequenceNode) -> tuple[object, ...]:
    step = node.step
    return (type(step), node.depth, step.action if isinstance(step, SequenceAct) else "")


def _pair_changed(old: Nodes, new: Nodes) -> Iterator[tuple[int, int]]:
    """Pair the steps of a changed part that are of one kind, in order."""
    rest = list(new)
    for node in old:
        index = next((at for at, other in enumerate(rest) if _kind(other) == _kind(node)), None)
        if index is not None:
            yield node.position, rest[index].position
            del rest[: index + 1]
