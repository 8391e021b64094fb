"""Weeks and months as periods of local days, and the one before each. Plain dates: no database, no present time."""

from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """From one day to another, both among them."""

    first: date
    last: date

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        return self.last + timedelta(days=1)


def month_of(day: date) -> Period:
    """Return the calendar month a day is in."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def month_before(day: date) -> Period:
    """Return the calendar month before the one a day is in."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def week_before(day: date) -> Period:
    """Return the week, Monday to Sunday, before the one a day is in."""
    monday = day - timedelta(days=day.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def before(period: Period) -> Period:
    """Return the period before: of a month the month, of anything else as many days."""
    if period == month_of(period.first):
        return month_before(period.first)
    days = period.after - period.first
    return Period(period.first - days, period.last - days)
