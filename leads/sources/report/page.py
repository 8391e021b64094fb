"""The report as its page shows it: rows of sources and campaigns with links, the river, why leads were lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from babel.numbers import get_currency_precision
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.web.charts.drawing import Drawing
from crm.web.reader import Reader
from leads.sources.report import figures as figures_of
from leads.sources.report.counted import RETURNING, Asked, Counted
from leads.sources.report.figures import Figures, Key
from leads.sources.report.months import months_chart
from leads.sources.report.river import Node, River, draw
from leads.sources.setup import campaigns

# So many times what all of them take, and a number is marked.
FAR = 2
STEPS = ("leads", "qualified", "quoted", "won")


@dataclass(frozen=True)
class Cell:
    """A number of the table; `url` opens the list it counts. `css`: marked as late or far too late."""

    text: str
    url: str = ""
    share: str = ""
    css: str = ""


@dataclass(frozen=True)
class Row:
    """A source, or a campaign of it."""

    name: str
    cells: list[Cell]
    mostly: str
    parts: list["Row"] = field(default_factory=list)
    key: str = ""


@dataclass(frozen=True)
class Loss:
    """A reason, what was lost for it, and the number that makes it actionable. `share` of the largest, in percent."""

    name: str
    worth: str
    share: int
    why: str
    url: str


@dataclass(frozen=True)
class Table:
    """All of one currency: amounts of two are never summed."""

    currency: str
    rows: list[Row]
    total: Row
    river: River
    losses: list[Loss]
    lost: str
    returning: Cell | None
    # What a won lead of each month cost; None where nothing was spent, and of less than two months.
    months: Drawing | None


class Report:
    """Reads the leads a member's list begins with, which are all there are, and says them as the page does."""

    def __init__(self, jobs: Any, asked: Asked, reader: Reader, slug: str, *, compare: bool) -> None:
        self.jobs, self.asked, self.reader = jobs, asked, reader
        self.list_url = reverse("leads:list", args=[slug])
        self.spend_url = reverse("leads:spend", args=[slug])
        self.kept = figures_of.kept_of(asked)
        self.found = figures_of.read(jobs, asked, self.kept)
        earlier = asked._replace(period=asked.period.before)
        self.before = figures_of.read(jobs, earlier, figures_of.kept_of(earlier)) if compare else None

    @property
    def currencies(self) -> list[str]:
        """The currencies there are leads or spend in, that with the most leads first."""
        leads = {currency: figures_of.total(self.found, currency).leads for currency, _source, _part in self.found}
        return sorted(leads, key=lambda currency: (-leads[currency], currency))

    def tables(self) -> list[Table]:
        """Return what is shown, currency by currency."""
        whys = figures_of.whys(self.jobs, self.asked, self.kept)
        back = self._returning()
        return [
            self._table(currency, [row for row in whys if row["currency"] == currency], back.get(currency))
            for currency in self.currencies
        ]

    def _table(self, currency: str, whys: list[dict[str, Any]], returning: Cell | None) -> Table:
        total = figures_of.total(self.found, currency)
        sources = sorted(
            ((key, one) for key, one in self.found.items() if key[0] == currency and key[2] is None),
            key=lambda pair: (-pair[1].spent, -pair[1].leads, pair[0][1]),
        )
        rows = [self._source(key, one, total) for key, one in sources if one.leads or one.spent]
        name = ngettext("%(count)s source", "All %(count)s", len(rows)) % {"count": len(rows)}
        return Table(
            currency,
            rows,
            self._row(name, total, total, Counted(self.asked, currency=currency)),
            self._river(currency, total),
            self._losses(currency, total, whys),
            self.money(total.lost_worth, currency),
            returning,
            self._months(currency, total),
        )

    def _months(self, currency: str, total: Figures) -> Drawing | None:
        if not total.spent or len(list(self.asked.period.months)) < 2:
            return None
        counted = Counted(self.asked, currency=currency)
        return months_chart(counted, total, self.reader.today, lambda minor: self.money(minor, currency), self.url)

    def _source(self, key: Key, one: Figures, total: Figures) -> Row:
        currency, source, _none = key
        counted = Counted(self.asked, currency=currency, source=source)
        parts = [
            self._row(self._campaign(part), figures, total, counted._replace(campaign=part))
            for (of, its, part), figures in self.found.items()
            if part is not None and (of, its) == (currency, source) and (figures.leads or figures.spent)
        ]
        if len(parts) == 1 and (currency, source, 0) in self.found:
            parts = []
        name = pipeline_setup().sources[source].name if source else _("No source")
        return self._row(name, one, total, counted, sorted(parts, key=lambda row: row.name), key=f"{currency}{source}")

    def _campaign(self, pk: int) -> str:
        return campaigns().name(pk) if pk else _("No campaign")

    def _row(
        self, name: str, one: Figures, total: Figures, counted: Counted, parts: list[Row] | None = None, key: str = ""
    ) -> Row:
        currency = counted.currency
        cells = [Cell(self.money(one.spent, currency), self.spend_url)]
        cells += [self._count(counted, step, one) for step in STEPS]
        cells += [
            Cell(self.short(one.revenue, currency), self.url(counted._replace(step="won"))),
            self._marked(one.per_won, total.per_won, lambda value: self.money(value, currency)),
            self._marked(one.median_minutes, total.median_minutes, duration, css="late"),
            Cell(self.short(one.lost_worth, currency), self.url(counted._replace(step="lost"))),
        ]
        return Row(name, cells, self._reason(one.mostly), parts or [], key)

    def _count(self, counted: Counted, step: str, one: Figures) -> Cell:
        number = getattr(one, step)
        share = percent(number, one.leads) if step == "won" else ""
        return Cell(f"{number:,}", self.url(counted._replace(step=step)), share)

    def _marked(self, value: int | None, usual: int | None, words: Callable[[int], str], css: str = "crit") -> Cell:
        if value is None:
            return Cell("–")
        return Cell(words(value), css=css if usual and value > FAR * usual else "")

    def _reason(self, pk: int | None) -> str:
        if pk is None:
            return ""
        return lost_reasons().name(pk) if pk else _("Other reasons")

    def url(self, counted: Counted) -> str:
        """Return the address of the list a number counts, long ended leads among them."""
        return f"{self.list_url}?{urlencode({'brought': str(counted), 'closed': 'all'})}"

    def money(self, minor: int, currency: str) -> str:
        """Format an amount in whole units: a report is read at a glance, its file has the cents."""
        unit = 10 ** get_currency_precision(currency)
        whole = (minor + unit // 2) // unit * unit
        return formats.money(whole, currency, self.reader.country, self.reader.language)

    def short(self, minor: int, currency: str) -> str:
        return formats.short_money(minor, currency, self.reader.country, self.reader.language)

    def _returning(self) -> dict[str, Cell]:
        """Return by currency how many leads were of customers we had before, and what those brought."""
        told: dict[str, Cell] = {}
        for currency, (leads, worth) in figures_of.returning(self.jobs, self.asked, self.kept).items():
            words = ngettext(
                "%(count)s lead of a customer we had before, %(money)s",
                "%(count)s leads of customers we had before, %(money)s",
                leads,
            )
            counted = Counted(self.asked._replace(who=RETURNING), currency=currency)
            said = words % {"count": f"{leads:,}", "money": self.short(worth, currency)}
            told[currency] = Cell(said, self.url(counted))
        return told

    def _river(self, currency: str, one: Figures) -> River:
        earlier = figures_of.total(self.before, currency) if self.before is not None else None
        all_of_it = Counted(self.asked, currency=currency)

        def before(name: str, is_money: bool = False) -> str:
            if earlier is None:
                return ""
            value = getattr(earlier, name)
            told = self.short(value, currency) if is_money else f"{value:,}"
            return _("before: %(value)s") % {"value": told}

        def node(step: str, label: str, note: str, behind: int, why: str) -> Node:
            lost = f"−{behind:,}" if behind else ""
            url = self.url(all_of_it._replace(step=step))
            return Node(label, f"{getattr(one, step):,}", note, url, lost=lost, why=why, before=before(step))

        each = _("%(money)s each") % {"money": self.money(one.per_lead, currency)} if one.per_lead else ""
        times = (
            _("%(times)s × spent") % {"times": formats.decimal(one.revenue / one.spent, self.reader.country)}
            if one.spent
            else ""
        )
        spent, brought = self.money(one.spent, currency), self.short(one.revenue, currency)
        nodes = [
            Node(_("Spent"), spent, _("what we paid"), self.spend_url, is_money=True, before=before("spent", True)),
            node("leads", _("Leads"), each, 0, ""),
            node(
                "qualified",
                _("Qualified"),
                _("%(share)s of leads") % {"share": percent(one.qualified, one.leads)},
                one.leads - one.qualified,
                _("not qualified"),
            ),
            node(
                "quoted",
                _("Quoted"),
                _("%(share)s of those") % {"share": percent(one.quoted, one.qualified)},
                one.qualified - one.quoted,
                _("no quote made"),
            ),
            node(
                "won",
                _("Won"),
                _("%(share)s of quotes") % {"share": percent(one.won, one.quoted)},
                one.quoted - one.won,
                _("lost or still open"),
            ),
            Node(
                _("Revenue"),
                brought,
                times,
                self.url(all_of_it._replace(step="won")),
                is_money=True,
                before=before("revenue", True),
            ),
        ]
        return draw(nodes, (one.leads, one.qualified, one.quoted, one.won))

    def _losses(self, currency: str, one: Figures, whys: list[dict[str, Any]]) -> list[Loss]:
        numbers = {row["lost_case__reason_id"]: row for row in whys}
        most = max((worth for _count, worth in one.reasons.values()), default=0)
        lost = Counted(self.asked, step="lost", currency=currency)
        return [
            Loss(
                self._reason(pk),
                self.short(worth, currency),
                round(100 * worth / most) if most else 0,
                self._why(count, numbers.get(pk), currency),
                self.url(lost._replace(reason=pk)),
            )
            for pk, (count, worth) in sorted(one.reasons.items(), key=lambda pair: (-pair[1][1], -pair[1][0], pair[0]))
        ]

    def _why(self, count: int, row: dict[str, Any] | None, currency: str) -> str:
        told = [ngettext("%(count)s lead", "%(count)s leads", count) % {"count": f"{count:,}"}]
        if row and row["gap"]:
            told.append(_("we were %(money)s over, median") % {"money": self.money(round(row["gap"]), currency)})
        if row and row["days"] is not None and row["days"].days > 0:
            days = row["days"].days
            words = ngettext("offered %(days)s day later than wanted", "offered %(days)s days later than wanted", days)
            told.append(words % {"days": days})
        if row and row["rival"]:
            told.append(f"{row['times']} × {row['rival']}")
        return " · ".join(told)


def percent(part: int, whole: int) -> str:
    """Return a share in whole percent; a dash of nothing."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def duration(minutes: int) -> str:
    """Return business minutes as a person reads them: "14 min", "1 h 12"."""
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02}"}
