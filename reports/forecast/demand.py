"""Forecast of new leads in the next weeks, from the counts of the last ones. Pure functions."""

from collections.abc import Sequence
from math import sqrt
from statistics import variance
from typing import NamedTuple

# Standard deviations of an interval that holds in four of five cases.
_EIGHTY = 1.2816
# Fewer weeks, or fewer leads in all of them, say little of the next ones.
LEAST_WEEKS = 4
LEAST_LEADS = 20


class Expected(NamedTuple):
    """An expected number, and its 80 % interval."""

    likely: float
    low: float
    high: float


def expected_demand(weeks: Sequence[int], ahead: int) -> Expected:
    """Return the expected total of as many weeks ahead, from the counts of the last weeks.

    What comes one by one varies by chance; where the weeks differ more than that, they are taken to do so again. And
    nobody knows what is usual better than so few weeks tell.
    """
    usual = sum(weeks) / max(len(weeks), 1)
    scatter = max(usual, variance(weeks) if len(weeks) > 1 else 0.0)
    spread = _EIGHTY * sqrt(ahead * scatter * (1 + ahead / max(len(weeks), 1)))
    return Expected(usual * ahead, max(0.0, usual * ahead - spread), usual * ahead + spread)


def is_unsure(weeks: Sequence[int]) -> bool:
    """Return whether the weeks are too few, or had too few leads, for a reliable forecast."""
    return len(weeks) < LEAST_WEEKS or sum(weeks) < LEAST_LEADS
