"""The monthly spend as a grid of inputs: a row for each source, and for each campaign with amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.days import DAY, next_month
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.organization.configuration import directory
from leads.models import Basis, Campaign, Spend
from leads.sources.setup import campaigns
from leads.sources.spending.amounts import SpendEntry

MONTHS = 6


@dataclass(frozen=True)
class SpendGridCell:
    name: str
    label: str
    value: str


@dataclass(frozen=True)
class SpendGridRow:
    """A row of the grid."""

    source: Source
    campaign: Campaign | None
    basis: str
    cells: list[SpendGridCell]

    @property
    def label(self) -> str:
        return _row_label(self.source, self.campaign, self.basis)


def months_until(last: date) -> list[date]:
    """Return the months of a grid, ending with the given one."""
    first = last.replace(day=1)
    for _step in range(MONTHS - 1):
        first = (first - DAY).replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        months.append(next_month(months[-1]))
    return months


def currencies() -> list[str]:
    """Return the currencies offered for a grid: those of the brands first."""
    ours = [directory().default_brand.currency, *(brand.currency for brand in directory().brands.values())]
    used = Spend.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return list(dict.fromkeys([*ours, *used]))


def grid(months: list[date], currency: str, given: Mapping[str, str]) -> list[SpendGridRow]:
    """Return the rows of some months in one currency; after a refused form with the typed values."""
    rows = Spend.objects.filter(month__in=months, currency=currency)
    there = {(row.source_id, row.campaign_id, row.basis, row.month): row.amount for row in rows}
    return [
        SpendGridRow(
            source,
            campaign,
            basis,
            [_build_cell(source, campaign, basis, month, currency, there, given) for month in months],
        )
        for source, campaign, basis in _grid_rows(there)
    ]


def _grid_rows(there: Mapping[tuple[int, int | None, str, date], int]) -> Iterator[tuple[Source, Campaign | None, str]]:
    """Return each source that is active or has amounts, followed by its other rows with amounts."""
    used = {(source, campaign, basis) for source, campaign, basis, _month in there}
    sources = pipeline_setup().sources
    for pk, source in sources.all.items():
        its = sorted((key for key in used if key[0] == pk), key=lambda key: (key[1] or 0, key[2]))
        if source.is_live and (pk, None, Basis.LEAD) not in used:
            yield source, None, str(Basis.MONTH)
            its = [key for key in its if key[1:] != (None, Basis.MONTH)]
        for _source, campaign, basis in its:
            yield source, campaigns().all[campaign] if campaign else None, basis


def _build_cell(
    source: Source,
    campaign: Campaign | None,
    basis: str,
    month: date,
    currency: str,
    there: Mapping[tuple[int, int | None, str, date], int],
    given: Mapping[str, str],
) -> SpendGridCell:
    campaign_id = None
    if campaign:
        campaign_id = campaign.pk
    name = f"{source.pk}-{campaign_id or 0}-{basis}-{month:%Y-%m}"
    amount = there.get((source.pk, campaign_id, basis, month))
    digits = get_currency_precision(currency)
    if amount is None:
        plain = ""
    else:
        plain = f"{amount / 10**digits:.{digits if amount % 10**digits else 0}f}"
    label = f"{_row_label(source, campaign, basis)}, {formats.month(month)}"
    return SpendGridCell(name, label, given.get(name, plain))


def _row_label(source: Source, campaign: Campaign | None, basis: str) -> str:
    if campaign:
        name = f"{source.name} · {campaign.name}"
    else:
        name = source.name
    if basis == Basis.LEAD:
        return _("%(name)s, per lead") % {"name": name}
    return name


def read_typed_amounts(
    lines: list[SpendGridRow], months: list[date], currency: str, given: Mapping[str, str]
) -> Iterator[SpendEntry]:
    """Parse the cells typed in a grid. Raises Refused, naming the cell."""
    for line in lines:
        for cell, month in zip(line.cells, months, strict=True):
            if cell.name in given:
                amount = amount_of(given[cell.name], currency, cell.label)
                yield SpendEntry(line.source, line.campaign, month, line.basis, currency, amount)


def amount_of(text: str, currency: str, label: str) -> int | None:
    """Parse an amount in a currency; None for an empty cell. Raises Refused."""
    if not text.strip():
        return None
    habits = NotationHabits.of(directory().default_brand.country, currency, ZoneInfo("UTC"))
    try:
        minor, typed_currency = parse_money(text, habits)
    except Refused as why:
        raise Refused(f"{label}: {why}") from None
    if typed_currency != currency:
        raise Refused(_("%(label)s: this table uses %(currency)s.") % {"label": label, "currency": currency})
    return minor
