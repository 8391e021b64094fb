"""Period: the days a report counts leads of, in the organization's time zone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# More than these years are no report any more.
LONGEST = 366 * 5
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length just before it."""
        return Period(self.first - self.days * DAY, self.first - DAY)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its begin, and the instant at which it is over."""
        begin, end = (datetime.combine(day, time(), zone) for day in (self.first, self.last + DAY))
        return begin, end

    def months(self) -> Iterator[date]:
        """Return the first day of each month it touches."""
        month = self.first.replace(day=1)
        while month <= self.last:
            yield month
            month = next_month(month)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + 32 * DAY).replace(day=1)


def presets(today: date) -> dict[str, Period]:
    """Return the periods one can choose by name, that of the page's first look first."""
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return {
        "90": Period(today - 89 * DAY, today),
        "30": Period(today - 29 * DAY, today),
        "quarter": Period(quarter, today),
        "year": Period(today - 364 * DAY, today),
    }


def read(given: Mapping[str, str], today: date) -> tuple[str, Period]:
    """Read the period an address asks for: by name, or by two days; the first preset for what means nothing."""
    named = presets(today)
    chosen = given.get("period", "")
    if chosen in named:
        return chosen, named[chosen]
    try:
        period = Period(date.fromisoformat(given.get("first", "")), date.fromisoformat(given.get("last", "")))
    except ValueError:
        return "90", named["90"]
    known = FIRST_YEAR <= period.first.year <= period.last.year <= LAST_YEAR
    return ("", period) if known and 0 < period.days <= LONGEST else ("90", named["90"])
