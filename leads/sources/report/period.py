"""The days a report counts leads of, in the organization's time zone."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from crm.kernel.days import Days

DAY = timedelta(days=1)
# More than these years are no report any more.
LONGEST = 366 * 5


def months_of(days: Days) -> Iterator[date]:
    """Return the first day of each month they touch."""
    month = days.first.replace(day=1)
    while month <= days.last:
        yield month
        month = next_month(month)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + 32 * DAY).replace(day=1)


def presets(today: date) -> dict[str, Days]:
    """Return the periods one can choose by name, that of the page's first look first."""
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return {
        "90": Days.up_to(today, 90),
        "30": Days.up_to(today, 30),
        "quarter": Days(quarter, today),
        "year": Days.up_to(today, 365),
    }


def read(given: Mapping[str, str], today: date) -> tuple[str, Days]:
    """Read the period an address asks for: by name, or by two days; the first preset for what means nothing."""
    named = presets(today)
    chosen = given.get("period", "")
    if chosen in named:
        return chosen, named[chosen]
    days = Days.read(given.get("first", ""), given.get("last", ""), most=LONGEST)
    return ("", days) if days else ("90", named["90"])
