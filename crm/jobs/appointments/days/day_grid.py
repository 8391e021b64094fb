"""Lay out a day on a grid: one column per member, one row per quarter of an hour. Pure."""

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
    """Return the start of the grid and its number of quarters: whole hours around all blocks."""
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
    """Place the blocks of one column without overlap: a block that starts in a taken quarter is placed after it.

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
    """Return the remaining gaps of open intervals that are long enough to book."""
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
