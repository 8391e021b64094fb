"""Usual range of a day's count from earlier same weekdays: Poisson for small counts, else around the median.

Plain functions of their arguments. A band is wide enough that a number outside it is news: of the days of two months,
with six numbers each, some two stand out by chance.
"""

from collections.abc import Sequence
from math import exp, floor, sqrt
from statistics import median
from typing import NamedTuple

# Fewer weeks than this say nothing of what is usual.
LEAST_WEEKS = 4
# A median up to this is counted by Poisson; above, its spread is measured.
SMALL = 20
# The chance of a number beyond each edge of the band, and as many standard deviations.
TAIL = 0.001
DEVIATIONS = 3.1
# Of a normal distribution, the standard deviation by the median absolute deviation.
_MAD = 1.4826


class UsualBand(NamedTuple):
    """The usual range of a count, inclusive."""

    low: int
    high: int

    def weight(self, count: int) -> float:
        """Distance of a number from the range, in widths of the range; 0 inside."""
        beyond = max(self.low - count, count - self.high, 0)
        return round(beyond / max(self.high - self.low, 1), 4)


def usual(history: Sequence[int]) -> UsualBand | None:
    """Return the usual range, from counts on the same weekday; None if they are too few."""
    if len(history) < LEAST_WEEKS:
        return None
    middle = float(median(history))
    if middle <= SMALL:
        # One odd day must not hide the next: the mean, but without the highest and the lowest.
        inner = sorted(history)[1:-1]
        return poisson_band(max(sum(inner) / len(inner), 0.3))
    spread = max(_MAD * median(abs(count - middle) for count in history), sqrt(middle))
    return UsualBand(max(0, floor(middle - DEVIATIONS * spread)), floor(middle + DEVIATIONS * spread) + 1)


def poisson_band(mean: float) -> UsualBand:
    """Return the range of a Poisson distribution that leaves `TAIL` at either end."""
    chance = exp(-mean)
    total = 0.0
    low = -1
    count = 0
    while True:
        total += chance
        if low < 0 and total > TAIL:
            low = count
        if total >= 1 - TAIL:
            return UsualBand(low, count)
        count += 1
        chance *= mean / count
