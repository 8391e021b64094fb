"""Lighthouse's performance score out of what was measured: its curves and weights of version 12, for a phone.

Each metric's score is where it lies on a log-normal curve, given by the value that scores 90 and the one that scores
50; the page's is their mean by weight (https://developer.chrome.com/docs/lighthouse/performance/performance-scoring).
"""

from dataclasses import dataclass
from math import erfc, log, sqrt

# The point of the normal curve that a tenth of it lies beyond.
TENTH = 1.2815515655446004


@dataclass(frozen=True)
class Metric:
    """A metric of the page: what scores 90, what scores 50, and what share of the page's score it has."""

    good: float
    median: float
    weight: float

    def score(self, value: float) -> float:
        """The share of the world's pages that do worse, from 0 to 1."""
        if value <= 0:
            return 1.0
        deviation = TENTH * log(value / self.median) / log(self.median / self.good)
        return erfc(deviation / sqrt(2)) / 2


# First contentful paint, speed index, largest contentful paint, total blocking time: in milliseconds.
METRICS = {
    "fcp": Metric(good=1800, median=3000, weight=0.10),
    "si": Metric(good=3387, median=5800, weight=0.10),
    "lcp": Metric(good=2500, median=4000, weight=0.25),
    "tbt": Metric(good=200, median=600, weight=0.30),
    "cls": Metric(good=0.1, median=0.25, weight=0.25),
}


def performance(measured: dict[str, float]) -> float:
    """The score of a page, from 0 to 100."""
    return 100 * sum(metric.weight * metric.score(measured[name]) for name, metric in METRICS.items())
