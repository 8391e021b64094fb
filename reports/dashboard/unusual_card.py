"""Dashboard card of unusual days: for each a sentence, the usual range, a chart, and its list."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.charts.sparkline import Sparkline, build_sparkline
from reports.dashboard.scope import Linked, Scope
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays, today
from reports.figures.measures import CALLED, CAME, LOST, MEASURES, WON, WROTE
from reports.models import UnusualDay
from reports.unusual.detection import same_weekdays

# Days an unusual one stays on the dashboard, unless somebody takes note of it before.
SHOWN = 7
# More of it is good news, or bad; of what else is counted, calls and letters, more is neither.
_GOOD = frozenset({CAME, WON})
_BAD = frozenset({LOST})


class Oddity(NamedTuple):
    """An unusual day as shown on the card."""

    row: UnusualDay
    css: str
    # None: neither good nor bad.
    is_good: bool | None
    sentence: str
    number: Linked
    usual: str
    spark: Sparkline
    noted: str


def oddities(scope: Scope, counts: dict[tuple[date, str], int]) -> list[Oddity]:
    """Return the latest unusual days, unacknowledged ones first; `counts` must cover the weeks compared."""
    rows = UnusualDay.objects.filter(day__gt=today() - timedelta(days=SHOWN)).select_related(None)
    order = sorted(rows, key=lambda row: (row.noted_at is not None, -row.day.toordinal(), -row.weight, row.measure))
    return [_build_oddity(scope, row, counts) for row in order]


def _build_oddity(scope: Scope, row: UnusualDay, counts: dict[tuple[date, str], int]) -> Oddity:
    good = is_good(row)
    # As it is by now, whatever it was when it was looked at: the list it opens counts as many.
    count = counts.get((row.day, row.measure), 0)
    url = scope.count_url(FigureCount(row.measure, ZonedDays(row.day, row.day)))
    before = same_weekdays(counts, row.day, row.measure)
    weekday = date_format(row.day, "l")
    if good is None:
        css = "neutral"
    elif good:
        css = "ok"
    else:
        css = "crit" if row.weight >= 1 else "late"
    return Oddity(
        row,
        css,
        good,
        f"{sentence(row.measure)}, {scope.reader.date(row.day)}",
        Linked(formats.whole_number(count), count, url if count else ""),
        _("usual on a %(weekday)s: %(low)s to %(high)s") % {"weekday": weekday, "low": row.low, "high": row.high},
        build_sparkline([*before, row.count], (row.low, row.high)),
        _acknowledged_words(row),
    )


def is_good(row: UnusualDay) -> bool | None:
    """True if an unusual day is good news, False if bad; None if neither, as more calls than usual."""
    is_high = row.count > row.high
    if row.measure in _BAD:
        return not is_high
    if row.measure in _GOOD or not is_high:
        return is_high
    return None


def sentence(measure: str) -> str:
    """Return the beginning of a sentence that says what a measure counts."""
    words = {
        CAME: _("New leads"),
        WON: _("Leads won"),
        LOST: _("Leads lost"),
        CALLED: _("Leads called"),
        WROTE: _("Leads that wrote or called"),
    }
    return words.get(measure) or str(MEASURES[measure].words)


def _acknowledged_words(row: UnusualDay) -> str:
    if row.noted_at is None:
        return ""
    who = ""
    if row.noted_by_id:
        who = directory().members[row.noted_by_id].name
    if row.note:
        return f"{who}: {row.note}"
    return _("%(who)s acknowledged it") % {"who": who}
