"""SourceRow: a source of the report, its campaigns below it, with a cell for each number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from leads.sources.report.figures import Key, SourceFigures
from leads.sources.report.formatting import SourceReportFormat, format_minutes, format_percent, reason_name
from leads.sources.report.lead_count import LeadCount
from leads.sources.setup import campaigns

# So many times what all of them take, and a number is marked.
FAR = 2
STEPS = ("leads", "qualified", "quoted", "won")


@dataclass(frozen=True)
class SourceCell:
    """A number of the table; `url` opens the list it counts. `css`: marked as late or very late."""

    text: str
    url: str = ""
    share: str = ""
    css: str = ""


@dataclass(frozen=True)
class SourceRow:
    """A source, or a campaign of it."""

    name: str
    cells: list[SourceCell]
    mostly: str
    parts: list["SourceRow"] = field(default_factory=list)
    key: str = ""


class SourceRows:
    """Builds the rows of one currency. `total`: the figures of all sources, to compare with."""

    def __init__(
        self,
        figures: Mapping[Key, SourceFigures],
        total: SourceFigures,
        counted: LeadCount,
        report_format: SourceReportFormat,
    ) -> None:
        self.figures = figures
        self.total = total
        self.counted = counted
        self.currency = counted.currency
        self.format = report_format

    def rows(self) -> list[SourceRow]:
        """List the sources, the most expensive first."""
        sources = sorted(
            ((key, one) for key, one in self.figures.items() if key[0] == self.currency and key[2] is None),
            key=lambda pair: (-pair[1].spent, -pair[1].leads, pair[0][1]),
        )
        return [self._source_row(key[1], one) for key, one in sources if one.leads or one.spent]

    def sum_row(self, count: int) -> SourceRow:
        """Return the total row of `count` sources."""
        name = ngettext("%(count)s source", "All %(count)s", count) % {"count": count}
        return self._build_row(name, self.total, self.counted)

    def _source_row(self, source: int, figures: SourceFigures) -> SourceRow:
        counted = self.counted._replace(source=source)
        parts = [
            self._build_row(campaigns().name(part) if part else _("No campaign"), one, counted._replace(campaign=part))
            for (currency, its, part), one in self.figures.items()
            if part is not None and (currency, its) == (self.currency, source) and (one.leads or one.spent)
        ]
        if len(parts) == 1 and (self.currency, source, 0) in self.figures:
            parts = []
        if source:
            name = pipeline_setup().sources[source].name
        else:
            name = _("No source")
        parts.sort(key=lambda row: row.name)
        return self._build_row(name, figures, counted, parts, key=f"{self.currency}{source}")

    def _build_row(
        self, name: str, one: SourceFigures, counted: LeadCount, parts: list[SourceRow] | None = None, key: str = ""
    ) -> SourceRow:
        cells = [SourceCell(self.format.money(one.spent, self.currency), self.format.spend_url)]
        cells += [self._count_cell(counted, step, one) for step in STEPS]
        cells += [
            self._money_cell(one.revenue, counted._replace(step="won")),
            _marked_cell(one.per_won, self.total.per_won, lambda minor: self.format.money(minor, self.currency)),
            _marked_cell(one.median_minutes, self.total.median_minutes, format_minutes, css="late"),
            self._money_cell(one.lost_worth, counted._replace(step="lost")),
        ]
        return SourceRow(name, cells, reason_name(one.mostly), parts or [], key)

    def _money_cell(self, minor: int, counted: LeadCount) -> SourceCell:
        return SourceCell(self.format.short_money(minor, self.currency), self.format.url(counted))

    def _count_cell(self, counted: LeadCount, step: str, one: SourceFigures) -> SourceCell:
        number = getattr(one, step)
        share = ""
        if step == "won":
            share = format_percent(number, one.leads)
        return SourceCell(formats.whole_number(number), self.format.url(counted._replace(step=step)), share)


def _marked_cell(value: int | None, usual: int | None, words: Callable[[int], str], css: str = "crit") -> SourceCell:
    """Return a cell with a CSS class if its value is far above the average."""
    if value is None:
        return SourceCell("–")
    if usual and value > FAR * usual:
        return SourceCell(words(value), css=css)
    return SourceCell(words(value))
