"""The numbers of the forecast page and of the page that checks it: a card for each number that is forecast."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.days import next_month
from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.figure_table import FigureCell
from crm.web.charts.values import ChartValue, Series
from reports.dashboard.scope import Scope
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays
from reports.figures.measures import CAME, WON
from reports.forecast.months import (
    AHEAD,
    BookedSeries,
    CountSeries,
    MonthForecast,
    MonthSeries,
    WonSeries,
    forecast_month,
)
from reports.months.history import MonthHistory, read_history
from reports.periods import month_of

# Past months that are shown, and checked.
PAST = 12
Write = Callable[[float], str]
TableRow = tuple[str, str, list[FigureCell]]


@dataclass(frozen=True)
class CheckedMonth:
    """A past month: what was expected when it began, and what it came to; `forecast` is None without enough history."""

    month: date
    forecast: MonthForecast | None
    actual: float

    @property
    def is_within(self) -> bool:
        return self.forecast is not None and self.forecast.holds(self.actual)


@dataclass(frozen=True)
class ForecastCard:
    """A number by month: the past, the months to come, and how right earlier forecasts of it were."""

    key: str
    title: str
    method: str
    chart: ChartDrawing
    # Of the first month to come; "" without enough history.
    likely: str
    between: str
    checked_rows: list[TableRow]
    checked: int
    within: int
    # The months to come of each pipeline.
    pipeline_rows: list[TableRow]

    @property
    def is_unsure(self) -> bool:
        return not self.likely

    @property
    def percent(self) -> int:
        """The share of checked months whose number was within the range."""
        return round(100 * self.within / self.checked) if self.checked else 0


@dataclass(frozen=True)
class ForecastPage:
    """All cards, and the months that they forecast."""

    cards: list[ForecastCard]
    months: list[str]


class CardBuilder:
    """Builds cards of one scope and history."""

    def __init__(self, scope: Scope, history: MonthHistory) -> None:
        self.scope = scope
        self.months = history.months
        self.last = len(history.months) - 1

    @property
    def ahead(self) -> list[date]:
        """The months to come, the present one first."""
        months = [self.months[-1]]
        while len(months) < AHEAD:
            months.append(next_month(months[-1]))
        return months

    def card(
        self,
        key: str,
        title: str,
        method: str,
        series: MonthSeries,
        write: Write,
        *,
        measure: str = "",
        pipeline_rows: list[TableRow] | None = None,
    ) -> ForecastCard:
        """Build a card. `measure`: of the leads that its actual numbers count, for their links."""
        checked = [CheckedMonth(self.months[at], forecast_month(series, at), series.actual(at)) for at in self._past()]
        coming = [forecast_month(series, self.last, ahead) for ahead in range(AHEAD)]
        first = coming[0]
        with_forecast = [one for one in checked if one.forecast is not None]
        return ForecastCard(
            key,
            title,
            method,
            self._draw_chart(key, title, checked, coming, write, measure),
            write(first.likely) if first else "",
            format_range(first, write) if first else "",
            [self._checked_row(one, write, measure) for one in reversed(with_forecast)],
            len(with_forecast),
            sum(one.is_within for one in with_forecast),
            pipeline_rows or [],
        )

    def coming_row(self, name: str, series: MonthSeries) -> TableRow:
        """Return the numbers of the months to come as a row."""
        cells = []
        for ahead in range(AHEAD):
            forecast = forecast_month(series, self.last, ahead)
            if forecast is None:
                cells.append(FigureCell("–"))
            else:
                cells.append(
                    FigureCell(formats.whole_number(forecast.likely), format_range(forecast, formats.whole_number))
                )
        about = "" if forecast_month(series, self.last) else _("Not enough history")
        return name, about, cells

    def _past(self) -> range:
        return range(max(0, self.last - PAST), self.last)

    def _url(self, month: date, measure: str, actual: float) -> str:
        if not measure or not actual:
            return ""
        days = month_of(month)
        return self.scope.count_url(FigureCount(measure, ZonedDays(days.first, days.last)))

    def _checked_row(self, checked: CheckedMonth, write: Write, measure: str) -> TableRow:
        assert checked.forecast is not None, "only months with a forecast are shown"
        if checked.is_within:
            verdict = _("within the range")
        else:
            verdict = _("outside the range")
        cells = [
            FigureCell(write(checked.forecast.likely)),
            FigureCell(format_range(checked.forecast, write)),
            FigureCell(write(checked.actual), "", self._url(checked.month, measure, checked.actual)),
            FigureCell(verdict),
        ]
        return formats.month(checked.month), "", cells

    def _draw_chart(
        self,
        key: str,
        title: str,
        checked: list[CheckedMonth],
        coming: list[MonthForecast | None],
        write: Write,
        measure: str,
    ) -> ChartDrawing:
        values = [
            ChartValue(one.actual, self._url(one.month, measure, one.actual), write(one.actual)) for one in checked
        ]
        for forecast in coming:
            if forecast is None:
                values.append(ChartValue(None))
            else:
                text = f"{write(forecast.likely)} ({format_range(forecast, write)})"
                band = (forecast.low, forecast.high)
                values.append(ChartValue(forecast.likely, "", text, band, is_partial=True))
        labels = [formats.month(month) for month in [*(one.month for one in checked), *self.ahead]]
        return bar_chart(
            key,
            title,
            labels,
            [Series(title, values)],
            of=_("Month"),
            description=_("Four times out of five the number falls within the band."),
            write=write,
        )


def format_hours(number: float) -> str:
    """Format hours: "120 h"."""
    return _("%(hours)s h") % {"hours": formats.whole_number(number)}


def format_range(forecast: MonthForecast, write: Write) -> str:
    """Format the range of a forecast: "12 – 20"."""
    return f"{write(forecast.low)} – {write(forecast.high)}"


def read_page(scope: Scope) -> ForecastPage | None:
    """Return the numbers of the page; None before the first month was counted."""
    history = read_history(scope)
    if not history.months:
        return None
    build = CardBuilder(scope, history)
    cards = [*_sales_cards(build, history), *_demand_cards(build, history), *_work_cards(build, history)]
    return ForecastPage(cards, [formats.month(month) for month in build.ahead])


def _sales_cards(build: CardBuilder, history: MonthHistory) -> Iterator[ForecastCard]:
    method = _(
        "Open leads by their phase and time in the step, at the rate that such leads were won in the last twelve "
        "months, and the usual number of leads that come in later."
    )
    yield build.card("won", _("Leads won"), method, WonSeries(history.leads_won()), formats.whole_number, measure=WON)
    for currency in history.currencies:
        title = _("Value won in %(currency)s") % {"currency": currency}
        series = WonSeries(history.value_won(currency))
        yield build.card(f"value-{currency}", title, method, series, _money_writer(build.scope, currency))


def _money_writer(scope: Scope, currency: str) -> Write:
    return lambda amount: scope.money(round(amount), currency)


def _demand_cards(build: CardBuilder, history: MonthHistory) -> Iterator[ForecastCard]:
    method = _(
        "The same month of last year, times the growth since; with less history, the average of the last six months."
    )
    pipelines = pipeline_setup().pipelines
    rows = []
    if len(history.pipelines) > 1:
        rows = [
            build.coming_row(pipelines[pk].name, CountSeries(history.arrivals(pk)))
            for pk in history.pipelines
            if pk in pipelines
        ]
    series = CountSeries(history.arrivals())
    yield build.card("came", _("New leads"), method, series, formats.whole_number, measure=CAME, pipeline_rows=rows)


def _work_cards(build: CardBuilder, history: MonthHistory) -> Iterator[ForecastCard]:
    method = _("Hours that are booked, and the hours that are usually added or cancelled until the month is over.")
    yield build.card("hours", _("Hours of appointments"), method, BookedSeries(history.hours()), format_hours)
    method = _("The same month of last year, times the growth since; with less history, the average of the last six.")
    yield build.card(
        "accepted", _("Jobs accepted by service"), method, CountSeries(history.accepted_counts()), formats.whole_number
    )
