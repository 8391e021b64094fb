"""Forecast of open leads' value: from the win rate and time to win of earlier leads. Pure functions.

A share is estimated by a beta distribution, so that few decided leads make a wide interval; and with fewer than LEAST
the outlook says that it is unsure. Money of two currencies is never summed: an outlook is of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

# Of leads that came as far, so many must be decided before their share is called known.
LEAST = 20
# Standard deviations of an interval that holds in four of five cases.
_EIGHTY = 1.2816


@dataclass(frozen=True)
class PhaseRecord:
    """Results of leads that reached a phase, and the median days from its start until they were won."""

    decided: int
    won: int
    days: float | None = None

    @property
    def share(self) -> float:
        """Probability that such a lead is won; one half without data."""
        return (self.won + 1) / (self.decided + 2)

    @property
    def variance(self) -> float:
        """Variance of that probability's estimate."""
        return self.share * (1 - self.share) / (self.decided + 3)

    @property
    def is_unsure(self) -> bool:
        return self.decided < LEAST


@dataclass(frozen=True)
class WaitingWorth:
    """Open leads of a phase: the sum of their values, and of the squares."""

    count: int
    value: float
    squares: float


@dataclass(frozen=True)
class Outlook:
    """An expected amount, and its 80 % interval, in the unit of the values."""

    likely: float
    low: float
    high: float
    # Phases whose share rests on too few decided leads, though leads worth something wait in them.
    unsure: tuple[int, ...]

    @property
    def is_unsure(self) -> bool:
        return bool(self.unsure)


def outlook(waiting: Mapping[int, WaitingWorth], records: Mapping[int, PhaseRecord]) -> Outlook:
    """Return the expected amount from open leads of these phases, by place."""
    likely = variance = most = 0.0
    unsure = []
    for phase, leads in sorted(waiting.items()):
        record = records.get(phase, PhaseRecord(0, 0))
        likely += record.share * leads.value
        # Chance of each lead by itself, and not knowing the share, which is the same for all of them.
        variance += record.share * (1 - record.share) * leads.squares + record.variance * leads.value**2
        most += leads.value
        if record.is_unsure and leads.value:
            unsure.append(phase)
    spread = _EIGHTY * sqrt(variance)
    return Outlook(likely, max(0.0, likely - spread), min(most, likely + spread), tuple(unsure))


def by_week(waiting: Mapping[int, WaitingWorth], records: Mapping[int, PhaseRecord], weeks: int) -> Sequence[Outlook]:
    """Return the expected cumulative amount at the end of each of the next weeks.

    A phase's leads are taken to be won when half of those before them were; those whose time is not known come last.
    """
    weekly = []
    for week in range(1, weeks + 1):
        due = {
            phase: leads
            for phase, leads in waiting.items()
            if (days := records.get(phase, PhaseRecord(0, 0)).days) is not None and days <= 7 * week
        }
        weekly.append(outlook(due, records))
    return weekly
