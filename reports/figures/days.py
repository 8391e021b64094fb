"""Days of the organization's time zone, and the instants they begin and end at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.kernel import clock
from crm.platform.organization.configuration import directory

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """From one day to another, both among them."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=nth) for nth in range(self.count))

    @property
    def count(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Days":
        """As many days, just before."""
        return Days(self.first - timedelta(days=self.count), self.first - ONE)

    @property
    def since(self) -> datetime:
        """The instant the first one begins at."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant after the last one."""
        return midnight(self.last + ONE)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins where the organization is."""
    return datetime.combine(day, time(), directory().zone)


def today() -> date:
    """Return the present day where the organization is."""
    return clock.now().astimezone(directory().zone).date()


def days_of(instants: Iterable[datetime]) -> set[date]:
    """Return the days these instants are of."""
    return {at.astimezone(directory().zone).date() for at in instants}


def last_days(count: int) -> Days:
    """Return the last days, today among them."""
    return Days(today() - timedelta(days=count - 1), today())
