"""Where leads of the dashboard's days came from, what was paid, what became of them, why the rest was lost."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.list.conditions import SEE_ALL
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.web.charts.values import COLOURS
from leads.lead_list import LEADS
from leads.sources.report import figures as figures_of
from leads.sources.report.counted import Asked, Counted
from leads.sources.report.figures import Figures
from leads.sources.report.page import FAR, Report
from reports.dashboard.scope import Linked, Scope

# So many sources; the report has the rest. And so many reasons have a colour of their own.
MOST = 6
TOLD = COLOURS - 1


class Part(NamedTuple):
    """A part of the bar of lost leads, in percent: where it begins, how wide it is, its list."""

    css: str
    name: str
    start: float
    percent: float
    url: str


class SourceLine(NamedTuple):
    """What a source cost and brought; `is_dear`: a won job costs far more than those of all sources."""

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
    lost: list[Part]


class SourceTable(NamedTuple):
    """The sources of one currency, and the reasons with their colours."""

    currency: str
    lines: list[SourceLine]
    reasons: list[tuple[str, str]]


def shows_sources(scope: Scope) -> bool:
    """Tell whether the card can be shown: of everybody's leads, to who sees all of them."""
    member = scope.member
    return not scope.filters.values and allows(member, "sources.view") and allows(member, SEE_ALL)


def source_tables(scope: Scope) -> list[SourceTable]:
    """Return a table for each currency: amounts of two are never summed."""
    asked = Asked(scope.days)
    jobs = LEADS.base(LEADS.filters(), scope.member)
    report = Report(jobs, asked, scope.reader, scope.slug, compare=False)
    return [_table(report, asked, currency) for currency in report.currencies]


def _table(report: Report, asked: Asked, currency: str) -> SourceTable:
    whole = figures_of.total(report.found, currency)
    found = {source: one for (of, source, part), one in report.found.items() if of == currency and part is None}
    order = sorted((pk for pk in found if found[pk].leads or found[pk].spent), key=lambda pk: -found[pk].leads)
    most = sorted(whole.reasons, key=lambda pk: (-whole.reasons[pk][0], pk))
    css = {pk: f"k{min(at, TOLD) + 1}" for at, pk in enumerate(most)}
    lines = [_line(report, Counted(asked, currency=currency, source=pk), found[pk], whole, css) for pk in order[:MOST]]
    reasons = [(css[pk], _reason(pk)) for pk in most[:TOLD]]
    if len(most) > TOLD:
        reasons.append((css[most[TOLD]], _("other reasons")))
    return SourceTable(currency, lines, reasons)


def _line(report: Report, counted: Counted, one: Figures, whole: Figures, css: dict[int, str]) -> SourceLine:
    def number(step: str, count: int) -> Linked:
        return Linked(f"{count:,}", count, report.url(counted._replace(step=step)) if count else "")

    currency = counted.currency
    country = report.reader.country
    if counted.source:
        name = pipeline_setup().sources[counted.source].name
    else:
        name = _("No source")
    return SourceLine(
        name,
        number("leads", one.leads),
        report.money(one.spent, currency) if one.spent else "–",
        report.money(one.per_lead, currency) if one.per_lead else "–",
        number("won", one.won),
        round(100 * one.won / one.leads) if one.leads else 0,
        report.money(one.per_won, currency) if one.per_won else "–",
        bool(one.per_won and whole.per_won and one.per_won > FAR * whole.per_won),
        report.short(one.revenue, currency),
        f"{formats.decimal(one.revenue / one.spent, country)} ×" if one.spent else "–",
        _parts(report, counted, one, css),
    )


def _parts(report: Report, counted: Counted, one: Figures, css: dict[int, str]) -> list[Part]:
    parts, start = [], 0.0
    for pk in sorted(one.reasons, key=lambda pk: (css[pk], pk)):
        percent = 100 * one.reasons[pk][0] / one.lost if one.lost else 0
        name = f"{_reason(pk)}: {one.reasons[pk][0]}"
        url = report.url(counted._replace(step="lost", reason=pk))
        parts.append(Part(css[pk], name, round(start, 2), round(percent, 2), url))
        start += percent
    return parts


def _reason(pk: int) -> str:
    if pk:
        return lost_reasons().name(pk)
    return _("Other reasons")
