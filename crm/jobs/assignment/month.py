"""Lay a member's absences out on the days of a month: which days are free, and which one absence covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Stretch:
    """Days of a member in a month: one free day, or `span` days of one absence. It may begin or end outside."""

    day: date
    span: int = 1
    absence: Any = None
    begins: bool = True
    ends: bool = True


def month_days(first: date) -> list[date]:
    """Return the days of the month that begins then."""
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return [first + timedelta(days=at) for at in range((after - first).days)]


def stretches(days: list[date], absences: Iterable[tuple[date, date | None, Any]]) -> list[Stretch]:
    """Return all days, in order. Absences as first day, last day (None: unknown) and the absence; none overlap."""
    away = sorted(absences, key=lambda one: one[0])
    found, at = [], 0
    while at < len(days):
        day = days[at]
        absence = next((one for one in away if one[0] <= day and (one[1] is None or day <= one[1])), None)
        if absence is None:
            found.append(Stretch(day))
            at += 1
            continue
        first, last, row = absence
        until = min(last or days[-1], days[-1])
        span = (until - day).days + 1
        found.append(Stretch(day, span, row, begins=first == day, ends=last is not None and last == until))
        at += span
    return found
