"""New leads and calls by day, each with the usual number for its weekday."""

from datetime import date

from django.utils.translation import gettext as _

from crm.kernel import formats
from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.values import ChartValue, Series
from reports.dashboard.scope import Scope
from reports.dashboard.unusual_card import sentence
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays, last_days, today
from reports.figures.measures import CALLED, CAME
from reports.figures.reading import KeptFigures
from reports.unusual.detection import band_of, history, with_weeks_before

SHOWN = 14


def trend_days() -> ZonedDays:
    """Return the days of the chart."""
    return last_days(SHOWN)


def trends(scope: Scope, counts: dict[tuple[date, str], int]) -> list[ChartDrawing]:
    """Draw one chart per measure, of the last two weeks."""
    return [_draw_trend(scope, measure, counts) for measure in (CAME, CALLED)]


def compared_days() -> ZonedDays:
    """Return the days of the chart, and those they are compared with."""
    return with_weeks_before(trend_days())


def read_counts(scope: Scope, kept: KeptFigures) -> dict[tuple[date, str], int]:
    """Return the daily counts of these days."""
    return history(kept, compared_days(), scope.narrowed)


def _draw_trend(scope: Scope, measure: str, counts: dict[tuple[date, str], int]) -> ChartDrawing:
    values = []
    odd = []
    for day in trend_days():
        count = counts.get((day, measure), 0)
        band = band_of(counts, day, measure)
        is_today = day == today()
        # A day that has not ended may still become what is usual.
        is_odd = bool(band and band.weight(count)) and not (is_today and band and count < band.low)
        url = ""
        if count:
            url = scope.count_url(FigureCount(measure, ZonedDays(day, day)))
        values.append(ChartValue(count, url, formats.whole_number(count), band, is_odd, is_partial=is_today))
        if is_odd:
            odd.append(f"{scope.reader.date(day)}: {formats.whole_number(count)}")
    reader = scope.reader
    labels = [formats.day(day, reader.today, reader.country, reader.language) for day in trend_days()]
    words = ""
    if odd:
        words = _("Unusual: %(days)s") % {"days": ", ".join(odd)}
    name = sentence(measure)
    return bar_chart(
        f"trend-{measure}", name, labels, [Series(name, values)], of=_("Day"), description=words, height=130
    )
