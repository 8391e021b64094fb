"""The dashboard as CSV: one row per number, with its section and label."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.platform.files.csv_response import csv_response
from crm.web.charts.values import ChartTable
from reports.dashboard.ages import AgeLine
from reports.dashboard.forecast import CurrencyForecast
from reports.dashboard.page import Dashboard
from reports.dashboard.scope import Scope
from reports.figures.days import today

Row = tuple[str, str, str, str]


def csv(scope: Scope, page: Dashboard) -> HttpResponse:
    """Write the numbers shown on the page."""
    name = f"dashboard-{scope.days.first}-{scope.days.last}"
    return csv_response(name, [_("Section"), _("Of"), _("Number"), _("Value")], _export_rows(page))


def _export_rows(page: Dashboard) -> Iterator[Row]:
    for tile in page.tiles:
        yield _("Figures"), "", tile.name, f"{tile.number.text}{tile.unit}"
    for need in page.needs:
        yield _("Needs you now"), "", str(need.words), str(need.number.count)
    for row in page.ageing.rows:
        for column, cell in zip(page.ageing.columns, row.cells, strict=True):
            yield page.ageing.caption, row.name, column, str(cell.count)
    for cost in page.neglect:
        yield _("Cost of waiting"), cost.name, _("Leads"), str(cost.number.count)
        for amount in cost.worth:
            yield _("Cost of waiting"), cost.name, _("Worth"), amount
    for line in page.team:
        pairs = {
            _("Open"): line.open.count,
            _("Untouched"): line.untouched.count,
            _("Late"): line.late.count,
            _("Very late"): line.crit.count,
            _("Overdue steps"): line.overdue.count,
            _("Came in"): line.came.count,
            _("Won"): line.won.count,
            _("First contact, median"): line.first_contact.text,
            _("Follow-ups on time"): line.follow_ups.text,
        }
        yield from ((_("Team"), line.name, name, str(value)) for name, value in pairs.items())
    yield from of_table(page.funnel.title, page.funnel.table)
    for chart in page.trends:
        yield from of_table(chart.title, chart.table)
    for one in page.forecasts:
        yield from _forecast_rows(one)
    if page.demand:
        yield _("New leads to come"), "", _("Likely"), page.demand.likely
        yield _("New leads to come"), "", _("In four of five cases"), page.demand.between
        yield from of_table(page.demand.chart.title, page.demand.chart.table)


def _forecast_rows(forecast: CurrencyForecast) -> Iterator[Row]:
    """Write a forecast and the numbers of its phases."""
    yield _("Forecast"), forecast.currency, _("Likely"), forecast.likely
    yield _("Forecast"), forecast.currency, _("In four of five cases"), forecast.between
    for line in forecast.lines:
        numbers = {
            _("Open"): str(line.open.count),
            _("Worth"): line.worth,
            _("By an open quote"): str(line.quoted.count or 0),
            _("Worth by open quotes"): line.quoted_worth,
            _("Usually won"): f"{line.percent}%",
            _("Of decided"): str(line.decided.count or 0),
            _("Takes"): line.days,
        }
        for name, value in numbers.items():
            yield _("Forecast"), f"{line.name}, {forecast.currency}", name, value


def of_table(title: str, table: ChartTable) -> Iterator[Row]:
    """Write the numbers of a chart."""
    for row in table.rows:
        for heading, cell in zip(table.headings, row.cells, strict=True):
            yield title, row.name, heading, cell.text


def ages_csv(label: str, lines: list[AgeLine]) -> HttpResponse:
    """Write the ages of the open leads."""
    headings = [label, _("Open"), _("Median"), _("90% within"), _("Oldest"), _("Late")]
    rows = [(one.name, one.open.count, one.median, one.ninety, one.oldest, one.over.count) for one in lines]
    return csv_response(f"ages-{today()}", headings, rows)
