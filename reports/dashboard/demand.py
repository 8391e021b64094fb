"""Forecast of new leads: the past weeks, linked to their lists, and the expected number of the next ones."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.kernel import formats
from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.values import ChartValue, Series
from reports.dashboard.scope import Scope
from reports.figures.condition import FigureCount
from reports.figures.days import ONE, ZonedDays, today
from reports.figures.measures import CAME
from reports.forecast.demand import Expected, expected_demand, is_unsure

# Whole weeks that are looked back at, up to yesterday, and weeks ahead, today the first day of them.
BACK = 8
AHEAD = 4
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Demand:
    """Expected leads of the coming weeks: a summary, and each week."""

    weeks: int
    likely: str
    between: str
    unsure: bool
    chart: ChartDrawing


def demand(scope: Scope, counts: dict[tuple[date, str], int]) -> Demand | None:
    """Return the forecast from daily counts (`trend.read_counts`); None if no full week had leads."""
    first = min((day for (day, measure) in counts if measure == CAME), default=today())
    past = [week for week in _weeks_back() if week.first >= first]
    brought = [sum(counts.get((day, CAME), 0) for day in week) for week in past]
    if not any(brought):
        return None
    whole = expected_demand(brought, AHEAD)
    return Demand(
        AHEAD,
        formats.whole_number(whole.likely),
        _format_range(whole),
        is_unsure(brought),
        _draw_chart(scope, past, brought),
    )


def _weeks_back() -> list[ZonedDays]:
    ends = [today() - ONE - WEEK * back for back in reversed(range(BACK))]
    return [ZonedDays(last - WEEK + ONE, last) for last in ends]


def _draw_chart(scope: Scope, past: list[ZonedDays], brought: list[int]) -> ChartDrawing:
    reader = scope.reader
    one = expected_demand(brought, 1)
    ahead = [today() + WEEK * at for at in range(AHEAD)]
    starts = [*(week.first for week in past), *ahead]
    labels = [formats.day(day, reader.today, reader.country, reader.language) for day in starts]
    values = [
        ChartValue(count, scope.count_url(FigureCount(CAME, week)) if count else "", formats.whole_number(count))
        for week, count in zip(past, brought, strict=True)
    ]
    text = f"{formats.whole_number(one.likely)} ({_format_range(one)})"
    values += [ChartValue(one.likely, "", text, (one.low, one.high), is_partial=True) for _day in ahead]
    return bar_chart(
        "demand",
        _("New leads by week"),
        labels,
        [Series(_("New leads"), values)],
        of=_("Week from"),
        description=_("Four times out of five the number falls within the band."),
        height=150,
    )


def _format_range(found: Expected) -> str:
    return f"{formats.whole_number(found.low)} – {formats.whole_number(found.high)}"
