"""Working days of projects: those open in the brand's week; holidays are not excluded."""

from collections.abc import Callable
from datetime import date, timedelta

from crm.platform.organization.configuration import directory

# Longer than this no crew is at one house; what is longer was planned by mistake.
MOST_DAYS = 366


def work_days(starts: date, ends: date, is_open: Callable[[date], bool]) -> list[date]:
    """Return the working days from the first to the last day.

    Planned on days that are closed, such as a storm's weekend: all of them count.
    """
    length = min((ends - starts).days + 1, MOST_DAYS)
    every = [starts + timedelta(days=count) for count in range(length)]
    return [day for day in every if is_open(day)] or every


def is_open_by(calendar_id: int | None) -> Callable[[date], bool]:
    """Return a predicate for working days; without a calendar every day is one."""
    hours = directory().calendars.get(calendar_id or 0)
    return lambda day: not hours or bool(hours.week[day.weekday()])
