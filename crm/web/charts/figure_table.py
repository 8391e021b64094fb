"""Tables of figures for a period: the requested days, and cells that link to their lists."""

from datetime import date
from typing import Any, NamedTuple

from django.http import QueryDict

from crm.kernel.days import DayRange

# Days that are offered, those shown at first, and the most: two years.
PERIODS = (7, 30, 90)
USUAL = 30
MOST = 731


class FigureCell(NamedTuple):
    """A number, the text below it, and the URL of the list it counts."""

    text: str
    note: str = ""
    url: str = ""


def requested_days(query: QueryDict, today: date) -> DayRange:
    """Return the period requested by the URL, by default the last 30 days."""
    return DayRange.read(query.get("from", ""), query.get("to", ""), most=MOST) or DayRange.up_to(today, USUAL)


def period_bar(by: str, kinds: list[tuple[str, str]], period: DayRange, today: date) -> dict[str, Any]:
    """Return the context of the bar above the table: the date basis of the figures, and the period."""
    return {
        "by": by,
        "kinds": kinds,
        "period": period,
        "between": f"from={period.first}&to={period.last}",
        "periods": [(days, DayRange.up_to(today, days)) for days in PERIODS],
    }
