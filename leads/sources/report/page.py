"""SourceReport: the report on sources as shown: a table, a chart and the lost reasons per currency."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from crm.kernel import formats
from crm.web.charts.drawing import ChartDrawing
from crm.web.reader import Reader
from leads.sources.report import figures as figures_of
from leads.sources.report.figures import SourceFigures
from leads.sources.report.formatting import SourceReportFormat
from leads.sources.report.lead_count import RETURNING, LeadCount, ReportScope
from leads.sources.report.loss_reasons import LossReason, list_loss_reasons
from leads.sources.report.months import months_chart
from leads.sources.report.sankey_chart import SankeyChart
from leads.sources.report.source_rows import SourceCell, SourceRow, SourceRows
from leads.sources.report.source_sankey import draw_source_sankey


@dataclass(frozen=True)
class SourceTable:
    """The figures of one currency; currencies are never summed."""

    currency: str
    rows: list[SourceRow]
    total: SourceRow
    sankey: SankeyChart
    losses: list[LossReason]
    lost: str
    returning: SourceCell | None
    # What a won lead of each month cost; None where nothing was spent, and of less than two months.
    months: ChartDrawing | None


class SourceReport:
    """Counts the leads of the member's default list, which are all leads. `compare`: with the period before."""

    def __init__(self, jobs: Any, asked: ReportScope, reader: Reader, slug: str, *, compare: bool) -> None:
        self.jobs = jobs
        self.asked = asked
        self.reader = reader
        self.format = SourceReportFormat(reader, slug)
        self.kept = figures_of.kept_of(asked)
        self.figures = figures_of.read(jobs, asked, self.kept)
        self.earlier = None
        if compare:
            earlier = asked._replace(period=asked.period.before)
            self.earlier = figures_of.read(jobs, earlier, figures_of.kept_of(earlier))

    @property
    def currencies(self) -> list[str]:
        """The currencies with leads or spend, that with the most leads first."""
        leads = {currency: figures_of.total(self.figures, currency).leads for currency, _source, _part in self.figures}
        return sorted(leads, key=lambda currency: (-leads[currency], currency))

    def tables(self) -> list[SourceTable]:
        """Return a table for each currency."""
        gaps = figures_of.whys(self.jobs, self.asked, self.kept)
        returning = self._returning_cells()
        return [
            self._build_table(currency, [row for row in gaps if row["currency"] == currency], returning.get(currency))
            for currency in self.currencies
        ]

    def _build_table(self, currency: str, gaps: list[dict[str, Any]], returning: SourceCell | None) -> SourceTable:
        total = figures_of.total(self.figures, currency)
        earlier = None
        if self.earlier is not None:
            earlier = figures_of.total(self.earlier, currency)
        counted = LeadCount(self.asked, currency=currency)
        builder = SourceRows(self.figures, total, counted, self.format)
        rows = builder.rows()
        return SourceTable(
            currency,
            rows,
            builder.sum_row(len(rows)),
            draw_source_sankey(counted, total, earlier, self.format),
            list_loss_reasons(counted, total, gaps, self.format),
            self.format.money(total.lost_worth, currency),
            returning,
            self._draw_months(counted, total),
        )

    def _draw_months(self, counted: LeadCount, total: SourceFigures) -> ChartDrawing | None:
        if not total.spent or len(list(self.asked.period.months)) < 2:
            return None

        def money(minor: int) -> str:
            return self.format.money(minor, counted.currency)

        return months_chart(counted, total, self.reader.today, money, self.format.url)

    def _returning_cells(self) -> dict[str, SourceCell]:
        """Return by currency the cells on returning customers: how many leads, and their revenue."""
        cells = {}
        for currency, (leads, worth) in figures_of.returning(self.jobs, self.asked, self.kept).items():
            words = ngettext(
                "%(count)s lead of a customer we had before, %(money)s",
                "%(count)s leads of customers we had before, %(money)s",
                leads,
            )
            counted = LeadCount(self.asked._replace(who=RETURNING), currency=currency)
            text = words % {"count": formats.whole_number(leads), "money": self.format.short_money(worth, currency)}
            cells[currency] = SourceCell(text, self.format.url(counted))
        return cells
