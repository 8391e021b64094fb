"""HourTable: calls tried and answered by hour of the day, and the span in which a customer is best called. Pure.

The share of answers at an hour is (answered + 4 * share of the segment) / (tried + 4): the segment counts as four calls
of the customer's own. The segment's share at an hour is smoothed the same way by ten calls at its share of all hours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assistant.timing.attempts import CALL, ContactAttempt

WORKDAY = "workday"
WEEKEND = "weekend"
DAYS = (WORKDAY, WEEKEND)
HOURS = 24
SPAN = 2
# The segment counts as so many calls of a customer's own; all hours as so many calls at each hour of a segment.
SEGMENT_CALLS = 4
EVEN_CALLS = 10

# By kind of day, for each hour: [tried, answered].
Cells = dict[str, list[list[int]]]


class CallSpan(NamedTuple):
    """Two hours on workdays or weekends: the share of calls likely answered, and the customer's own calls in them."""

    day: str
    first: int
    share: float
    tried: int
    answered: int

    @property
    def last(self) -> int:
        return self.first + SPAN


def empty_cells() -> Cells:
    """Return a table without any calls."""
    return {day: [[0, 0] for _hour in range(HOURS)] for day in DAYS}


def day_kind(local: datetime) -> str:
    """Return whether a local time is on a workday or on a weekend."""
    return WEEKEND if local.weekday() >= 5 else WORKDAY


def count_calls(attempts: Iterable[ContactAttempt], zone: ZoneInfo, cells: Cells | None = None) -> Cells:
    """Count the calls among attempts by the hours of a zone; into `cells` if given."""
    table = cells if cells is not None else empty_cells()
    for attempt in attempts:
        if attempt.medium == CALL:
            local = attempt.at.astimezone(zone)
            cell = table[day_kind(local)][local.hour]
            cell[0] += 1
            cell[1] += attempt.is_answered
    return table


def sum_cells(cells: Cells) -> tuple[int, int]:
    """Return how many calls of a table were tried and answered."""
    rows = [cell for day in DAYS for cell in cells[day]]
    return sum(cell[0] for cell in rows), sum(cell[1] for cell in rows)


def shrunk_share(answered: float, tried: float, prior: float, weight: float) -> float:
    """Return a share that is drawn to a prior, which counts as `weight` tries."""
    return (answered + weight * prior) / (tried + weight)


def segment_shares(segment: Cells) -> dict[str, list[float]]:
    """Return the segment's share of answered calls at each hour; without calls one half everywhere."""
    tried, answered = sum_cells(segment)
    overall = shrunk_share(answered, tried, 0.5, 1)
    return {day: [shrunk_share(cell[1], cell[0], overall, EVEN_CALLS) for cell in segment[day]] for day in DAYS}


def mixed_shares(own: Cells, segment: Cells) -> dict[str, list[float]]:
    """Return the share of answered calls at each hour: the customer's own, drawn to the segment's."""
    shares = segment_shares(segment)
    return {
        day: [shrunk_share(cell[1], cell[0], shares[day][hour], SEGMENT_CALLS) for hour, cell in enumerate(own[day])]
        for day in DAYS
    }


def best_span(own: Cells, segment: Cells, allowed: dict[str, tuple[time, time]]) -> CallSpan | None:
    """Return the two hours within the permitted ones with the highest share; None if less than two are permitted.

    At equal shares the span with more answers of the customer wins, then the earlier one.
    """
    shares = mixed_shares(own, segment)
    spans = []
    for day, (opens, closes) in allowed.items():
        for first in range(_first_whole_hour(opens), _last_whole_hour(closes) - SPAN + 1):
            cells = own[day][first : first + SPAN]
            share = sum(shares[day][first : first + SPAN]) / SPAN
            spans.append(CallSpan(day, first, share, _total(cells, 0), _total(cells, 1)))
    return max(spans, key=lambda span: (round(span.share, 6), span.answered, -span.first), default=None)


def _total(cells: Sequence[Sequence[int]], column: int) -> int:
    return sum(cell[column] for cell in cells)


def _first_whole_hour(opens: time) -> int:
    return opens.hour + bool(opens.minute or opens.second)


def _last_whole_hour(closes: time) -> int:
    """Return the hour that permitted hours end with; 24 for hours until the end of the day."""
    return HOURS if closes >= time(23, 59) else closes.hour
