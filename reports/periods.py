"""Weeks, months and quarters as periods of local days, and their previous periods. Pure functions."""

from datetime import date, timedelta

from crm.kernel.days import DAY, DayRange, next_month


def month_of(day: date) -> DayRange:
    """Return the calendar month of a day."""
    first = day.replace(day=1)
    return DayRange(first, next_month(first) - DAY)


def month_before(day: date) -> DayRange:
    """Return the calendar month before that of a day."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def quarter_of(day: date) -> DayRange:
    """Return the calendar quarter of a day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return DayRange(first, month_of(first.replace(month=first.month + 2)).last)


def quarter_before(day: date) -> DayRange:
    """Return the quarter before that of a day."""
    return quarter_of(quarter_of(day).first - timedelta(days=1))


def week_before(day: date) -> DayRange:
    """Return the week, Monday to Sunday, before that of a day."""
    monday = day - timedelta(days=day.weekday() + 7)
    return DayRange(monday, monday + timedelta(days=6))


def before(period: DayRange) -> DayRange:
    """Return the previous period: for a month the month, for a quarter the quarter, else as many days."""
    if period == month_of(period.first):
        return month_before(period.first)
    if period == quarter_of(period.first):
        return quarter_before(period.first)
    return period.before
