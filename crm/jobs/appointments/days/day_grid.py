"""Lay a day out on a grid: members across, quarters of an hour down. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

QUARTER = timedelta(minutes=15)
# What is shown of a day in which nothing begins earlier or ends later, in hours.
FIRST = 7
LAST = 18


@dataclass(frozen=True)
class GridBlock:
    """A part of a member's column: `kind` is slot, drive, off, free or busy; rows are quarters, the first is 1."""

    kind: str
    begins: datetime
    ends: datetime
    row: int
    span: int
    what: Any = None


def shown_hours(midnight: datetime, stretches: Iterable[tuple[datetime, datetime]]) -> tuple[datetime, int]:
    """Return when the grid begins, and how many quarters it has: whole hours around everything that happens."""
    begins = midnight + timedelta(hours=FIRST)
    ends = midnight + timedelta(hours=LAST)
    last = midnight + timedelta(days=1)
    for first, until in stretches:
        begins = min(begins, max(midnight, _start_of_hour(first, midnight)))
        ends = max(ends, min(last, _start_of_hour(until + timedelta(minutes=59), midnight)))
    return begins, int((ends - begins) / QUARTER)


def _start_of_hour(at: datetime, midnight: datetime) -> datetime:
    return midnight + (at - midnight) // timedelta(hours=1) * timedelta(hours=1)


def lay_out(first: datetime, quarters: int, parts: Sequence[tuple[str, datetime, datetime, Any]]) -> list[GridBlock]:
    """Place parts of one column, none over another: what begins within a quarter that is taken begins behind it.

    `parts`: kind, begin, end and what it is of, in the order of time.
    """
    blocks: list[GridBlock] = []
    taken = 1
    for kind, begins, ends, what in parts:
        row = max(taken, (begins - first) // QUARTER + 1)
        until = min(-((first - ends) // QUARTER) + 1, quarters + 1)
        if row <= quarters and until > 1:
            block = GridBlock(kind, begins, ends, row, max(1, until - row), what)
            blocks.append(block)
            taken = row + block.span
    return blocks


def gaps(
    open_: Iterable[tuple[datetime, datetime]], taken: Iterable[tuple[datetime, datetime]], least: timedelta
) -> list[tuple[datetime, datetime]]:
    """Return what is left of open stretches, as far as it is long enough to book."""
    busy = sorted(taken)
    free_parts = []
    for begins, ends in open_:
        at = begins
        for first, last in busy:
            if last <= at or first >= ends:
                continue
            if first - at >= least:
                free_parts.append((at, first))
            at = max(at, last)
        if ends - at >= least:
            free_parts.append((at, ends))
    return free_parts
