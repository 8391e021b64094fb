"""LoadBar: a day's hours as a bar, on one scale for all days of a page."""

from collections.abc import Iterable
from typing import NamedTuple

from followups.workload.day_load import DayLoad

# The least that a whole bar means, in minutes.
SHORTEST_SCALE = 8 * 60


class LoadBar(NamedTuple):
    """Parts of a bar in hundredths of its width: fixed time, what can move, too much, and the hours there are."""

    fixed: int
    movable: int
    over: int
    capacity: int

    @property
    def movable_from(self) -> int:
        return self.fixed

    @property
    def over_from(self) -> int:
        return self.fixed + self.movable


def bar_scale(loads: Iterable[DayLoad]) -> int:
    """Return how many minutes a whole bar means, so that the fullest day fits."""
    return max([SHORTEST_SCALE, *(max(load.planned, load.capacity) for load in loads)])


def build_bar(load: DayLoad, scale: int) -> LoadBar:
    """Return the bar of a day. What does not fit into its hours is too much, whatever it is."""
    fixed = min(load.fixed, load.capacity)
    movable = min(load.movable, load.capacity - fixed)
    over = load.planned - fixed - movable
    shares = [round(100 * minutes / scale) for minutes in (fixed, movable, over, load.capacity)]
    return LoadBar(*shares)
