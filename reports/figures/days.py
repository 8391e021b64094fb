"""Days of the organization's time zone, and the instants they begin and end at."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from crm.kernel import clock, days
from crm.platform.organization.configuration import directory

ONE = timedelta(days=1)
# Two years: what a page or a number is of at most.
MOST_DAYS = 731


class ZonedDays(days.DayRange):
    """From one day to another, both among them, where the organization is."""

    @property
    def since(self) -> datetime:
        """The instant the first one begins at."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant after the last one."""
        return midnight(self.after)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins where the organization is."""
    return datetime.combine(day, time(), directory().zone)


def today() -> date:
    """Return the present day where the organization is."""
    return clock.now().astimezone(directory().zone).date()


def days_of(instants: Iterable[datetime]) -> set[date]:
    """Return the days these instants are of."""
    return {at.astimezone(directory().zone).date() for at in instants}


def last_days(count: int) -> ZonedDays:
    """Return the last days, today among them."""
    return ZonedDays.up_to(today(), count)
