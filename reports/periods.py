"""Weeks, months and quarters as periods of local days, and the one before each. No database, no present time."""

from datetime import date, timedelta

from crm.kernel.days import DAY, DayRange, next_month


def month_of(day: date) -> DayRange:
    """Return the calendar month a day is in."""
    first = day.replace(day=1)
    return DayRange(first, next_month(first) - DAY)


def month_before(day: date) -> DayRange:
    """Return the calendar month before the one a day is in."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def quarter_of(day: date) -> DayRange:
    """Return the three calendar months, from January, April, July or October on, that a day is in."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return DayRange(first, month_of(first.replace(month=first.month + 2)).last)


def quarter_before(day: date) -> DayRange:
    """Return the quarter before the one a day is in."""
    return quarter_of(quarter_of(day).first - timedelta(days=1))


def week_before(day: date) -> DayRange:
    """Return the week, Monday to Sunday, before the one a day is in."""
    monday = day - timedelta(days=day.weekday() + 7)
    return DayRange(monday, monday + timedelta(days=6))


def before(period: DayRange) -> DayRange:
    """Return the period before: of a month the month, of a quarter the quarter, of anything else as many days."""
    if period == month_of(period.first):
        return month_before(period.first)
    if period == quarter_of(period.first):
        return quarter_before(period.first)
    return period.before
