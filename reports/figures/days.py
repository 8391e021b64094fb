"""Days in the organization's time zone, and their first and last instants."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from crm.kernel import clock, days
from crm.platform.organization.configuration import directory

ONE = timedelta(days=1)
# Two years: what a page or a number is of at most.
MOST_DAYS = 731


class ZonedDays(days.DayRange):
    """An inclusive range of days in the organization's time zone."""

    @property
    def since(self) -> datetime:
        """The instant the first day begins."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant the last day ends."""
        return midnight(self.after)


def midnight(day: date) -> datetime:
    """Return the instant a day begins in the organization's time zone."""
    return datetime.combine(day, time(), directory().zone)


def today() -> date:
    """Return the present day in the organization's time zone."""
    return clock.now().astimezone(directory().zone).date()


def days_of(instants: Iterable[datetime]) -> set[date]:
    """Return the range of days that these instants are in."""
    return {at.astimezone(directory().zone).date() for at in instants}


def last_days(count: int) -> ZonedDays:
    """Return the last days, including today."""
    return ZonedDays.up_to(today(), count)
