"""Days as a form or an address writes them, 2026-07-31, and the spans they make."""

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
    """Return the day a text writes; None for what is none, or lies centuries off."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    if earliest <= day <= LAST:
        return day
    return None


def checked_day(day: date) -> date:
    """Return a day that can be meant. Raises Refused for one far off, as a slip of the keyboard makes it."""
    if not FIRST <= day <= LAST:
        raise Refused(_("That is not a valid date."))
    return day


def typed_day(text: str) -> date | None:
    """Return the day of a form's field; None where it is left empty. Raises Refused for what is no day."""
    if not text.strip():
        return None
    if day := read_day(text):
        return day
    raise Refused(_("That is not a valid date."))


def next_month(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return (day.replace(day=1) + 32 * DAY).replace(day=1)


@dataclass(frozen=True)
class Days:
    """From one day to another, both among them."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str, *, most: int) -> Self | None:
        """Return the days an address asks for; None where they are none, run backwards, or are more than `most`."""
        begin, end = (read_day(text, earliest=EARLIEST_COUNTED) for text in (first, last))
        if begin is None or end is None:
            return None
        days = cls(begin, end)
        if 0 < days.count <= most:
            return days
        return None

    @classmethod
    def up_to(cls, last: date, count: int) -> Self:
        """Return as many days, of which this one is the last."""
        return cls(last - (count - 1) * DAY, last)

    def __iter__(self) -> Iterator[date]:
        return (self.first + nth * DAY for nth in range(self.count))

    @property
    def count(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> Iterator[date]:
        """The first day of each month they touch."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = next_month(month)

    @property
    def after(self) -> date:
        """The first day that is not of them any more."""
        return self.last + DAY

    @property
    def before(self) -> Self:
        """As many days, just before."""
        return type(self).up_to(self.first - DAY, self.count)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when they begin where a zone is, and when they are over."""
        begin, end = (datetime.combine(day, time(), zone) for day in (self.first, self.after))
        return begin, end
