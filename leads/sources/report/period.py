"""The period of a report, in the organization's time zone."""

from collections.abc import Mapping
from datetime import date

from crm.kernel.days import DayRange

# More than these years are no report any more.
LONGEST = 366 * 5


def presets(today: date) -> dict[str, DayRange]:
    """Return the named periods; the first is the default."""
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return {
        "90": DayRange.up_to(today, 90),
        "30": DayRange.up_to(today, 30),
        "quarter": DayRange(quarter, today),
        "year": DayRange.up_to(today, 365),
    }


def read(given: Mapping[str, str], today: date) -> tuple[str, DayRange]:
    """Read the period from a query string: a name, or two days; the first preset if invalid."""
    named = presets(today)
    chosen = given.get("period", "")
    if chosen in named:
        return chosen, named[chosen]
    days = DayRange.read(given.get("first", ""), given.get("last", ""), most=LONGEST)
    if days:
        return ("", days)
    return ("90", named["90"])
