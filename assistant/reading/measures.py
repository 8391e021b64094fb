"""Measure labels against what is right: precision, recall, intervals and calibration error. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_BINS = 10
# For a 95 % interval.
_Z = 1.96


class JudgedLabel(NamedTuple):
    """A label that was given, how sure it was (0 to 1), and the one that is right."""

    given: str
    sure: float
    right: str


class LabelMeasure(NamedTuple):
    """How good a label is: `hits` of `given` times it was right, `right` times it should have been given."""

    label: str
    given: int
    right: int
    hits: int

    @property
    def precision(self) -> float | None:
        """The share of right ones among those given; None if it was never given."""
        return self.hits / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """The share of those given among the right ones; None if it was never right."""
        return self.hits / self.right if self.right else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the precision, after Wilson."""
        return wilson_interval(self.hits, self.given)


def wilson_interval(hits: int, tries: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; 0 to 1 without any tries."""
    if not tries:
        return 0.0, 1.0
    share = hits / tries
    square = _Z * _Z
    middle = share + square / (2 * tries)
    spread = _Z * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    scale = 1 + square / tries
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def measure_labels(rows: Iterable[JudgedLabel], labels: Sequence[str]) -> list[LabelMeasure]:
    """Count each label of a facet that was given or right at least once, in the order of `labels`."""
    given_counts: dict[str, int] = defaultdict(int)
    right_counts: dict[str, int] = defaultdict(int)
    hits: dict[str, int] = defaultdict(int)
    for row in rows:
        given_counts[row.given] += 1
        right_counts[row.right] += 1
        hits[row.given] += row.given == row.right
    return [
        LabelMeasure(label, given_counts[label], right_counts[label], hits[label])
        for label in labels
        if given_counts[label] + right_counts[label]
    ]


def calibration_error(rows: Sequence[JudgedLabel]) -> float:
    """Return the expected calibration error: the mean gap between how sure and how right, over ten bins."""
    if not rows:
        return 0.0
    bins: dict[int, list[JudgedLabel]] = defaultdict(list)
    for row in rows:
        bins[min(int(row.sure * _BINS), _BINS - 1)].append(row)
    gaps = [
        abs(sum(row.sure for row in group) - sum(row.given == row.right for row in group)) for group in bins.values()
    ]
    return sum(gaps) / len(rows)
