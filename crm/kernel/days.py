"""Parse days of forms and URLs (2026-07-31), and DayRange: consecutive days from first to last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused

# Business hours are counted between them, too; a day outside is a slip of the keyboard.
FIRST = date(1900, 1, 1)
LAST = date(2199, 12, 31)
# What leads are counted of: nobody's are older.
EARLIEST_COUNTED = date(2000, 1, 1)
DAY = timedelta(days=1)


def read_day(text: str, *, earliest: date = FIRST) -> date | None:
    """Parse an ISO date; None for invalid text or a day outside 1900 to 2199."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    if earliest <= day <= LAST:
        return day
    return None


def validate_day(day: date) -> date:
    """Return the day. Raises Refused for one outside 1900 to 2199, which is a typing error."""
    if not FIRST <= day <= LAST:
        raise Refused(_("That is not a valid date."))
    return day


def parse_typed_day(text: str) -> date | None:
    """Parse the day of a form field; None when it is empty. Raises Refused for an invalid date."""
    if not text.strip():
        return None
    if day := read_day(text):
        return day
    raise Refused(_("That is not a valid date."))


def next_month(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + 32 * DAY).replace(day=1)


@dataclass(frozen=True)
class DayRange:
    """A range of days, first and last included."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str, *, most: int) -> Self | None:
        """Parse the range of a URL; None when it is invalid, runs backwards, or has more than `most` days."""
        begin, end = (read_day(text, earliest=EARLIEST_COUNTED) for text in (first, last))
        if begin is None or end is None:
            return None
        days = cls(begin, end)
        if 0 < days.count <= most:
            return days
        return None

    @classmethod
    def up_to(cls, last: date, count: int) -> Self:
        """Return the range of `count` days that ends with `last`."""
        return cls(last - (count - 1) * DAY, last)

    def __iter__(self) -> Iterator[date]:
        return (self.first + nth * DAY for nth in range(self.count))

    @property
    def count(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> Iterator[date]:
        """The first day of each month in the range."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = next_month(month)

    @property
    def after(self) -> date:
        """The first day after the range."""
        return self.last + DAY

    @property
    def before(self) -> Self:
        """The range of the same length just before this one."""
        return type(self).up_to(self.first - DAY, self.count)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the instants at which the range begins and ends in a time zone."""
        begin, end = (datetime.combine(day, time(), zone) for day in (self.first, self.after))
        return begin, end
