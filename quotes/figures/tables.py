"""Tables of the figures of quotes: the cells of each line, with the list that each number counts."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations, formats
from crm.kernel.days import DayRange
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell
from crm.web.lists.conditions.choices import NOBODY
from leads.lead_list import LEADS
from quotes.figures.accuracy import AccuracyLine
from quotes.figures.answers import OFFERED, AnswerLine, PriceGaps
from quotes.models import OptionTier, QuoteState
from quotes.models.price_gap import KNOWN
from quotes.quote_list.figure_filters import ANSWERED, gap_label
from quotes.quote_list.quote_list import QUOTES

Pairs = list[tuple[str, str]]
TableRow = tuple[str, str, list[FigureCell]]


class FigureTable(NamedTuple):
    """A table of the page: its title, the words of its first column and of the others, its rows, and a note below."""

    title: str
    first: str
    headings: list[str]
    rows: list[TableRow]
    note: str


class QuoteTables:
    """Builds the tables of a period. `sees_margin`: with the median margin of accepted quotes."""

    def __init__(self, slug: str, period: DayRange, by: str, *, sees_margin: bool) -> None:
        self.period = period
        self.by = by
        self.sees_margin = sees_margin
        self.quotes_url = QUOTES.url("list", slug)
        self.leads_url = LEADS.url("list", slug)

    def answers(self, lines: Iterable[AnswerLine], everything: AnswerLine) -> FigureTable:
        """Return the table of answers, the line of all first."""
        rows = [self._answer_row(_("All"), everything, [])]
        rows += [self._answer_row(self._line_name(line.value), line, self._line_filters(line.value)) for line in lines]
        headings = [
            *(_("Decided"), pgettext("quote", "Accepted"), _("Win rate"), pgettext("quote", "Declined"), _("Expired")),
            *(_("Time to accept, median"), _("90% within"), *self._margin_heading()),
        ]
        note = _("Decided: accepted, declined or expired in the period. The time runs from sending what was accepted.")
        return FigureTable(_("Answers"), self.by_label, headings, rows, note)

    def _answer_row(self, name: str, line: AnswerLine, which: Pairs) -> TableRow:
        def cell(text: str, count: int, state: str) -> FigureCell:
            return FigureCell(text, "", self._quote_list(count, [*which, ("state", state)]))

        accepted = (line.accepted, QuoteState.ACCEPTED.value)
        cells = [
            cell(str(line.decided), line.decided, ANSWERED),
            cell(str(line.accepted), *accepted),
            cell(write_percent(line.percent), *accepted),
            cell(str(line.declined), line.declined, QuoteState.DECLINED.value),
            cell(str(line.expired), line.expired, QuoteState.EXPIRED.value),
            cell(_write_time(line.median), *accepted),
            cell(_write_time(line.p90), *accepted),
        ]
        return name, "", cells + self._margin_cell(line)

    def options(self, lines: Iterable[AnswerLine]) -> FigureTable:
        """Return the table of options by their price."""
        headings = [
            *(_("Could be accepted"), _("Was accepted"), _("Win rate")),
            *(_("Time to accept, median"), _("90% within"), *self._margin_heading()),
        ]
        note = _("Options are ordered by their totals. With two options there is none in between.")
        rows = [self._option_row(line) for line in lines]
        return FigureTable(_("Win rate by option"), _("Option"), headings, rows, note)

    def _option_row(self, line: AnswerLine) -> TableRow:
        tier = OptionTier(line.value)
        accepted = self._quote_list(line.accepted, [("state", QuoteState.ACCEPTED.value), ("tier", tier.value)])
        offered = self._quote_list(line.decided, [("state", ANSWERED), ("options", OFFERED[tier])])
        cells = [
            FigureCell(str(line.decided), "", offered),
            FigureCell(str(line.accepted), "", accepted),
            FigureCell(write_percent(line.percent), "", accepted),
            FigureCell(_write_time(line.median), "", accepted),
            FigureCell(_write_time(line.p90), "", accepted),
        ]
        return str(tier.label), "", cells + self._margin_cell(line)

    def gaps(self, gaps: PriceGaps) -> FigureTable:
        """Return the table of quotes next to other prices; all whose other price is known come last."""
        rows = [self._gap_row(capfirst(gap_label(line.value)), line) for line in gaps.lines]
        total = AnswerLine(KNOWN, gaps.known, *(sum(getattr(line, name) for line in gaps.lines) for name in _STATES))
        rows.append(self._gap_row(_("All with another price"), total))
        note = _("Another price is known of %(known)s of %(decided)s decided quotes.")
        headings = [
            _("Decided"),
            pgettext("quote", "Accepted"),
            _("Win rate"),
            pgettext("quote", "Declined"),
            _("Expired"),
        ]
        values = {"known": gaps.known, "decided": gaps.decided}
        return FigureTable(_("Win rate by price gap"), _("Our price"), headings, rows, note % values)

    def _gap_row(self, name: str, line: AnswerLine) -> TableRow:
        def cell(text: str, count: int, state: str) -> FigureCell:
            return FigureCell(text, "", self._quote_list(count, [("state", state), ("gap", line.value)]))

        cells = [
            cell(str(line.decided), line.decided, ANSWERED),
            cell(str(line.accepted), line.accepted, QuoteState.ACCEPTED.value),
            cell(write_percent(line.percent), line.accepted, QuoteState.ACCEPTED.value),
            cell(str(line.declined), line.declined, QuoteState.DECLINED.value),
            cell(str(line.expired), line.expired, QuoteState.EXPIRED.value),
        ]
        return name, "", cells

    def accuracy(self, lines: Iterable[AccuracyLine], everything: AccuracyLine) -> FigureTable:
        """Return the table of quote accuracy, the line of all first."""
        rows = [self._accuracy_row(_("All"), everything, [])]
        rows += [
            self._accuracy_row(self._line_name(line.value), line, self._line_filters(line.value, "rep"))
            for line in lines
        ]
        headings = [
            *(_("Jobs done"), _("Price known"), _("Price within 10%"), _("Over by more than 10%")),
            *(_("Price difference, median"), _("Duration known"), _("Duration within 10%")),
            *(_("Longer by more than 10%"), _("Duration difference, median")),
        ]
        note = _(
            "Jobs that were done in the period. Price: what was accepted, next to what was billed less credit notes,"
            " or as members recorded it. Duration: days of work as first planned, next to those it took."
        )
        return FigureTable(_("Quote accuracy"), self.by_label, headings, rows, note)

    def _accuracy_row(self, name: str, line: AccuracyLine, which: Pairs) -> TableRow:
        def cell(text: str, count: int, drift: str = "", note: str = "") -> FigureCell:
            filters = [*which, ("state", "done"), *([("accuracy", drift)] if drift else [])]
            return FigureCell(text, note, self._lead_list(count, filters))

        near = _("%(count)s of %(all)s")
        cells = [cell(str(line.done), line.done)]
        for pair in ("price", "days"):
            measured, count, over = (getattr(line, f"{pair}_{part}") for part in ("known", "near", "over"))
            share = write_percent(getattr(line, f"{pair}_percent"))
            note = near % {"count": count, "all": measured} if measured else ""
            cells += [
                cell(str(measured), measured, f"{pair}-known"),
                cell(share, count, f"{pair}-near", note),
                cell(str(over), over, f"{pair}-over"),
                cell(_write_drift(getattr(line, f"{pair}_drift")), measured, f"{pair}-known"),
            ]
        return name, "", cells

    # What lines are of

    @property
    def by_label(self) -> str:
        """The words of what lines are of."""
        return dict(by_labels())[self.by]

    def _line_name(self, value: int | None) -> str:
        if self.by == "pipeline":
            return str(pipeline_setup().pipelines[value or 0].name)
        if self.by == "brand":
            return directory().brands[value or 0].name
        if value is None:
            return _("Nobody")
        return directory().members[value].name

    def _line_filters(self, value: int | None, member: str = "who") -> Pairs:
        """Return the filters that select a line; `member`: the parameter of the list for members."""
        if self.by == "pipeline":
            return [("pipeline", str(pipeline_setup().pipelines[value or 0].uid))]
        if self.by == "brand":
            return [("brand", str(directory().brands[value or 0].uid))]
        if value is None:
            return [(member, NOBODY)]
        return [(member, str(directory().members[value].uid))]

    # Addresses

    def _quote_list(self, count: int, filters: Pairs) -> str:
        if not count:
            return ""
        return f"{self.quotes_url}?{urlencode([*filters, *self._days('decided')])}"

    def _lead_list(self, count: int, filters: Pairs) -> str:
        if not count:
            return ""
        return f"{self.leads_url}?{urlencode([('closed', 'all'), *filters, *self._days('ended')])}"

    def _days(self, name: str) -> Pairs:
        return [("where", f"{name}:since:{self.period.first}"), ("where", f"{name}:before:{self.period.after}")]

    # Margins

    def _margin_heading(self) -> list[str]:
        if self.sees_margin:
            return [_("Margin, median")]
        return []

    def _margin_cell(self, line: AnswerLine) -> list[FigureCell]:
        if not self.sees_margin:
            return []
        if line.margin is None:
            return [FigureCell("–")]
        return [FigureCell(write_percent(round(100 * line.margin)))]


_STATES = ("accepted", "declined", "expired")


def by_labels() -> list[tuple[str, str]]:
    """Return what lines can be of, with its words."""
    return [("pipeline", _("Pipeline")), ("member", _("Rep")), ("brand", _("Brand"))]


def write_percent(percent: int | None) -> str:
    """Return a whole percentage; a dash for none."""
    if percent is None:
        return "–"
    return formats.whole_percent(percent)


def _write_time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return durations.short_duration(seconds)


def _write_drift(share: float | None) -> str:
    if share is None:
        return "–"
    percent = round(100 * share)
    if percent:
        return f"{percent:+d}%".replace("-", "−")
    return "0%"


def export_rows(tables: Iterable[FigureTable]) -> Iterable[list[Any]]:
    """Return each number of the tables as a row of a file: table, line, column, number."""
    for table in tables:
        for name, _about, cells in table.rows:
            for heading, cell in zip(table.headings, cells, strict=True):
                yield [table.title, name, heading, cell.text]
