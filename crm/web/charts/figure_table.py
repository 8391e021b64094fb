"""A table of figures for some days: what a page of numbers is asked for, and its cells, each with its list."""

from datetime import date
from typing import Any, NamedTuple

from django.http import QueryDict

from crm.kernel.days import DayRange

# Days that are offered, those shown at first, and the most: two years.
PERIODS = (7, 30, 90)
USUAL = 30
MOST = 731


class FigureCell(NamedTuple):
    """A number, what stands below it, and the address of what it counts."""

    text: str
    note: str = ""
    url: str = ""


def requested_days(query: QueryDict, today: date) -> DayRange:
    """Return the days an address asks for; the last 30 where it asks for none."""
    return DayRange.read(query.get("from", ""), query.get("to", ""), most=MOST) or DayRange.up_to(today, USUAL)


def period_bar(by: str, kinds: list[tuple[str, str]], period: DayRange, today: date) -> dict[str, Any]:
    """Return what the bar above the table shows: by what the figures stand, and of which days."""
    return {
        "by": by,
        "kinds": kinds,
        "period": period,
        "between": f"from={period.first}&to={period.last}",
        "periods": [(days, DayRange.up_to(today, days)) for days in PERIODS],
    }
