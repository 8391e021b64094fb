"""What open leads will likely bring: how often and how soon leads that came as far were won. Plain functions.

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
    """What became of leads that came as far as a phase, and the days from its start until half of the won were won."""

    decided: int
    won: int
    days: float | None = None

    @property
    def share(self) -> float:
        """How likely such a lead is won; one half of which nothing is known."""
        return (self.won + 1) / (self.decided + 2)

    @property
    def variance(self) -> float:
        """How unsure the share itself is."""
        return self.share * (1 - self.share) / (self.decided + 3)

    @property
    def is_unsure(self) -> bool:
        return self.decided < LEAST


@dataclass(frozen=True)
class WaitingWorth:
    """Open leads of a phase: what they are worth together, and the sum of the squares of it."""

    count: int
    value: float
    squares: float


@dataclass(frozen=True)
class Outlook:
    """An expected amount, and its range in four of five cases, in the unit of the values."""

    likely: float
    low: float
    high: float
    # Phases whose share rests on too few decided leads, though leads worth something wait in them.
    unsure: tuple[int, ...]

    @property
    def is_unsure(self) -> bool:
        return bool(self.unsure)


def outlook(waiting: Mapping[int, WaitingWorth], records: Mapping[int, PhaseRecord]) -> Outlook:
    """Return what open leads of these phases, by place, will likely bring."""
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
    """Return what is likely won by the end of each of the next weeks, everything until then together.

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
