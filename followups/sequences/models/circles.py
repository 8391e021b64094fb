"""Find a circle of sequences that start one another: a lead in it would never leave."""

from collections.abc import Iterable, Mapping

from followups.sequences.definition import SequenceAct, SequenceDefinition, all_steps

# The action of a step that starts a sequence, and its option.
START = "sequence.start"


def started_ids(definition: SequenceDefinition) -> list[int]:
    """Return the ids of the sequences that the steps of a definition start, in order."""
    acts = (step for step in all_steps(definition.steps) if isinstance(step, SequenceAct) and step.action == START)
    ids = (str(act.options.get("sequence", "")) for act in acts)
    return [int(pk) for pk in dict.fromkeys(ids) if pk.isdigit()]


def find_circle(first: int, started: Mapping[int, Iterable[int]]) -> list[int]:
    """Return a way along which a sequence would start itself, from it to the last before it; empty if there is none."""
    ways = [[first]]
    reached = {first}
    while ways:
        way = ways.pop()
        for pk in started.get(way[-1], ()):
            if pk == first:
                return way
            if pk not in reached:
                reached.add(pk)
                ways.append([*way, pk])
    return []
