"""Forecast of the revenue from open leads, based on the results of the last year's leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations, formats
from crm.platform.organization.configuration import directory
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.line import line_chart
from crm.web.charts.values import ChartValue, Series
from reports.dashboard.open_leads import OpenLeadFigures
from reports.dashboard.records import decided_days, records_of, waiting_of
from reports.dashboard.scope import Linked, Scope
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays
from reports.figures.measures import CAME, DECIDED
from reports.figures.reading import KeptFigures
from reports.forecast.outlook import Outlook, PhaseRecord, WaitingWorth, by_week, outlook

WEEKS = 8


class PhaseLine(NamedTuple):
    """The open leads of a phase, with the win rate and time to win of earlier ones."""

    name: str
    open: Linked
    worth: str
    # Leads whose worth is that of an open quote, and how much that is.
    quoted: Linked
    quoted_worth: str
    percent: int
    decided: Linked
    days: str
    is_unsure: bool


@dataclass(frozen=True)
class CurrencyForecast:
    """Forecast in one currency; `unsure` says why it may be inaccurate."""

    currency: str
    likely: str
    between: str
    unsure: str
    lines: list[PhaseLine]
    chart: ChartDrawing


def forecast(scope: Scope, kept: KeptFigures, now: OpenLeadFigures) -> list[CurrencyForecast]:
    """Return a forecast for each currency in which open leads have a value."""
    past = decided_days()
    records = records_of(kept.sums(past, {CAME}, ("stage_id", "outcome"), scope.narrowed))
    currencies = sorted({currency for (_stage, currency), one in now.weights.items() if one[1]})
    return [_forecast_of(scope, now, currency, records, past) for currency in currencies]


def _forecast_of(
    scope: Scope, now: OpenLeadFigures, currency: str, records: dict[int, PhaseRecord], past: ZonedDays
) -> CurrencyForecast:
    waiting = waiting_of(now.weights, currency)
    quoted = waiting_of(now.quoted, currency)
    forecast = outlook(waiting, records)
    names = {place: phase.name for place, phase in enumerate(pipeline_setup().phases, 1)}
    unsure = _("Not enough decided leads after %(phases)s to predict.")
    return CurrencyForecast(
        currency,
        scope.money(round(forecast.likely), currency),
        f"{scope.money(round(forecast.low), currency)} – {scope.money(round(forecast.high), currency)}",
        unsure % {"phases": ", ".join(names[place] for place in forecast.unsure)} if forecast.is_unsure else "",
        [
            _phase_line(scope, place, names[place], currency, waiting[place], quoted.get(place), records[place], past)
            for place in sorted(waiting)
        ],
        _draw_chart(scope, currency, by_week(waiting, records, WEEKS)),
    )


def _phase_line(
    scope: Scope,
    place: int,
    name: str,
    currency: str,
    leads: WaitingWorth,
    quoted: WaitingWorth | None,
    record: PhaseRecord,
    past: ZonedDays,
) -> PhaseLine:
    decided = scope.count_url(FigureCount(CAME, past, DECIDED, place))
    if record.days is None:
        days = "–"
    else:
        days = durations.short_duration(timedelta(days=record.days).total_seconds())
    linked = Linked("–")
    quoted_worth = ""
    if quoted:
        url = _of_currency(scope, place, currency, quote="sent")
        linked = Linked(formats.whole_number(quoted.count), quoted.count, url)
        quoted_worth = scope.money(round(quoted.value), currency)
    return PhaseLine(
        name,
        Linked(formats.whole_number(leads.count), leads.count, _of_currency(scope, place, currency)),
        scope.money(round(leads.value), currency),
        linked,
        quoted_worth,
        round(100 * record.share),
        Linked(formats.whole_number(record.decided), record.decided, decided if record.decided else ""),
        days,
        record.is_unsure,
    )


def _of_currency(scope: Scope, place: int, currency: str, **filters: str) -> str:
    """Return the URL of a phase's open leads; "" with several currencies, as the list cannot be filtered by one."""
    only = {brand.currency for brand in directory().brands.values()} <= {currency}
    if only:
        return scope.url(phase=str(place), level="open", **filters)
    return ""


def _draw_chart(scope: Scope, currency: str, weeks: Sequence[Outlook]) -> ChartDrawing:
    labels = [scope.reader.day(scope.reader.now + timedelta(weeks=at)) for at in range(1, len(weeks) + 1)]
    values = [
        ChartValue(week.likely, "", f"{_format_money(scope, week.likely, currency)}", (week.low, week.high))
        for week in weeks
    ]
    words = ngettext("Likely sold within %(n)s week", "Likely sold within %(n)s weeks", len(weeks)) % {"n": len(weeks)}
    return line_chart(
        f"forecast-{currency}",
        words,
        labels,
        [Series(_("Likely, altogether"), values)],
        of=_("By"),
        description=_("Four times out of five the number falls within the band."),
        write=lambda amount: _format_money(scope, amount, currency),
    )


def _format_money(scope: Scope, amount: float, currency: str) -> str:
    return scope.money(round(amount), currency)
