"""Dashboard card of sources: spend, leads, won leads and lost reasons of the dashboard's days."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.list.conditions import SEE_ALL
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.web.charts.values import COLOURS
from leads.lead_list import LEADS
from leads.sources.report import figures as figures_of
from leads.sources.report.figures import SourceFigures
from leads.sources.report.formatting import SourceReportFormat, reason_name
from leads.sources.report.lead_count import LeadCount, ReportScope
from leads.sources.report.page import SourceReport
from leads.sources.report.source_rows import FAR
from reports.dashboard.scope import Linked, Scope

# So many sources; the report has the rest. And so many reasons have a colour of their own.
MOST = 6
TOLD = COLOURS - 1


class LossPart(NamedTuple):
    """A segment of the bar of lost leads, in percent: its start, width and list."""

    css: str
    name: str
    start: float
    percent: float
    url: str


class SourceLine(NamedTuple):
    """Spend and results of a source; `is_dear`: its cost per won job is far above that of all sources."""

    name: str
    leads: Linked
    spent: str
    per_lead: str
    won: Linked
    percent: int
    per_won: str
    is_dear: bool
    sold: str
    times: str
    lost: list[LossPart]


class SourceCard(NamedTuple):
    """The sources of one currency, and the lost reasons with their colours."""

    currency: str
    lines: list[SourceLine]
    reasons: list[tuple[str, str]]


def shows_sources(scope: Scope) -> bool:
    """Return whether the card is shown: for a dashboard of all leads, to members who may see all."""
    member = scope.member
    return not scope.filters.values and allows(member, "sources.view") and allows(member, SEE_ALL)


def source_tables(scope: Scope) -> list[SourceCard]:
    """Return a table for each currency; currencies are never summed."""
    request = ReportScope(scope.days)
    jobs = LEADS.base(LEADS.filters(), scope.member)
    report = SourceReport(jobs, request, scope.reader, scope.slug, compare=False)
    return [_build_table(report, request, currency) for currency in report.currencies]


def _build_table(report: SourceReport, asked: ReportScope, currency: str) -> SourceCard:
    whole = figures_of.total(report.figures, currency)
    figures = {source: one for (of, source, part), one in report.figures.items() if of == currency and part is None}
    order = sorted((pk for pk in figures if figures[pk].leads or figures[pk].spent), key=lambda pk: -figures[pk].leads)
    most = sorted(whole.reasons, key=lambda pk: (-whole.reasons[pk][0], pk))
    css = {pk: f"k{min(at, TOLD) + 1}" for at, pk in enumerate(most)}
    lines = [
        _build_line(report.format, LeadCount(asked, currency=currency, source=pk), figures[pk], whole, css)
        for pk in order[:MOST]
    ]
    reasons = [(css[pk], reason_name(pk)) for pk in most[:TOLD]]
    if len(most) > TOLD:
        reasons.append((css[most[TOLD]], _("other reasons")))
    return SourceCard(currency, lines, reasons)


def _build_line(
    report_format: SourceReportFormat, counted: LeadCount, one: SourceFigures, whole: SourceFigures, css: dict[int, str]
) -> SourceLine:
    def number(step: str, count: int) -> Linked:
        return Linked(
            formats.whole_number(count), count, report_format.url(counted._replace(step=step)) if count else ""
        )

    currency = counted.currency
    if counted.source:
        name = pipeline_setup().sources[counted.source].name
    else:
        name = _("No source")
    return SourceLine(
        name,
        number("leads", one.leads),
        report_format.money(one.spent, currency) if one.spent else "–",
        report_format.money(one.per_lead, currency) if one.per_lead else "–",
        number("won", one.won),
        round(100 * one.won / one.leads) if one.leads else 0,
        report_format.money(one.per_won, currency) if one.per_won else "–",
        bool(one.per_won and whole.per_won and one.per_won > FAR * whole.per_won),
        report_format.short_money(one.revenue, currency),
        f"{report_format.decimal(one.revenue / one.spent)} ×" if one.spent else "–",
        _lost_parts(report_format, counted, one, css),
    )


def _lost_parts(
    report_format: SourceReportFormat, counted: LeadCount, one: SourceFigures, css: dict[int, str]
) -> list[LossPart]:
    parts = []
    start = 0.0
    for pk in sorted(one.reasons, key=lambda pk: (css[pk], pk)):
        percent = 0.0
        if one.lost:
            percent = 100 * one.reasons[pk][0] / one.lost
        name = f"{reason_name(pk)}: {one.reasons[pk][0]}"
        url = report_format.url(counted._replace(step="lost", reason=pk))
        parts.append(LossPart(css[pk], name, round(start, 2), round(percent, 2), url))
        start += percent
    return parts
