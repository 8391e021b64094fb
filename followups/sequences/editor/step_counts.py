"""Counts beside the steps of a sequence: who stands there now, and how many got that far. Each opens its list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse

from followups.sequences.definition import SequenceFork, SequenceWait
from followups.sequences.models import Enrolment, EnrolmentStep, Sequence, SequenceVersion, StepResult


class StepCount(NamedTuple):
    """The counts of one step. `share`: how many per cent of those who began got this far; None for a wait."""

    here: int = 0
    here_url: str = ""
    reached: int = 0
    reached_url: str = ""
    share: int | None = None
    overdue: int = 0


@dataclass(frozen=True)
class WayCount:
    """How many went one way of a fork, and how many per cent of all that is."""

    count: int = 0
    share: int = 0


@dataclass(frozen=True)
class SequenceCounts:
    """The counts of a sequence's present version."""

    began: int = 0
    inside: int = 0
    finished: int = 0
    # Inside now, on an older version.
    inside_older: int = 0
    steps: Mapping[int, StepCount] = field(default_factory=dict)
    ways: Mapping[tuple[int, str], WayCount] = field(default_factory=dict)

    def at(self, position: int | None) -> StepCount | None:
        """Return the counts of a saved step; None for a new one."""
        if position is not None:
            return self.steps.get(position)
        return None


def enrolments_url(slug: str, **filters: object) -> str:
    """Return the URL of the list of enrolments with filters."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{reverse('sequences:enrolments', args=[slug])}?{query}"


def count_steps_of(sequence: Sequence, slug: str) -> SequenceCounts:
    """Return the counts of a sequence's present version. Five queries."""
    version = sequence.version
    assert version is not None, "a sequence is added with a version"
    rows = Enrolment.objects.filter(version_id=version.pk).order_by()
    totals = rows.aggregate(began=Count("pk"), finished=Count("pk", filter=Q(state="ended", end_reason="finished")))
    standing = Enrolment.objects.counts_by_position(version.pk)
    reached = EnrolmentStep.objects.counts_by_position(version.pk)
    results = EnrolmentStep.objects.results_by_position(version.pk)
    inside = sum(standing.values())
    everywhere = Enrolment.objects.inside().filter(sequence_id=sequence.pk).count()
    began = totals["began"]
    return SequenceCounts(
        began,
        inside,
        totals["finished"],
        everywhere - inside,
        {
            node.position: _count_step(version, node.position, standing, reached, began, slug, node.step)
            for node in version.nodes
        },
        _count_ways(version, results),
    )


def _count_step(
    version: SequenceVersion,
    position: int,
    standing: Mapping[int, int],
    reached: Mapping[int, int],
    began: int,
    slug: str,
    step: object,
) -> StepCount:
    place = f"{version.pk}.{position}"
    count = StepCount(standing.get(position, 0), enrolments_url(slug, at=place))
    if isinstance(step, SequenceWait):
        return count
    passed = reached.get(position, 0)
    if began:
        share = round(100 * passed / began)
    else:
        share = 0
    return count._replace(reached=passed, reached_url=enrolments_url(slug, reached=place), share=share)


def _count_ways(version: SequenceVersion, results: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], WayCount]:
    ways = {}
    for node in version.nodes:
        if not isinstance(node.step, SequenceFork):
            continue
        counts = {way: results.get((node.position, way), 0) for way in (StepResult.YES, StepResult.NO)}
        total = sum(counts.values())
        for way, count in counts.items():
            ways[node.position, str(way)] = WayCount(count, round(100 * count / max(total, 1)))
    return ways
