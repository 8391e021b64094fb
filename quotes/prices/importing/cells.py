"""Read the cells of a price file by the words of the tenant and the notation of its country."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_instant, parse_money
from crm.platform.organization.configuration import directory
from quotes.prices.importing.columns import PriceColumn
from quotes.prices.models.price_unit import price_units
from quotes.prices.models.supplier import suppliers
from quotes.taxes.models.tax_class import tax_classes

# The cells of a row that hold something, by column.
PriceCells = Mapping[PriceColumn, str]
_YES = frozenset("yes y true 1 x ja j waar".split())
_NO = frozenset("no n false 0 nee onwaar".split())
_KEYS = {
    PriceColumn.UNIT: "unit_id",
    PriceColumn.TAX_CLASS: "tax_class_id",
    PriceColumn.PIPELINE: "pipeline_id",
    PriceColumn.BRAND: "brand_id",
    PriceColumn.SUPPLIER: "supplier_id",
}
_TEXTS = (PriceColumn.CODE, PriceColumn.NAME, PriceColumn.DESCRIPTION, PriceColumn.SUPPLIER_CODE)
# The last point or comma of an amount, and the digits behind it.
_LAST_MARK = re.compile(r"([.,])(\d{1,9})\D{0,10}$")
_DAYS = (PriceColumn.VALID_FROM, PriceColumn.VALID_UNTIL)


@dataclass(frozen=True)
class PriceCellReader:
    """Reads cells; the configuration by name, as it is when the reader is made."""

    habits: NotationHabits
    records: Mapping[PriceColumn, Mapping[str, int]]

    @classmethod
    def of_rows(cls, lines: Iterable[PriceCells]) -> "PriceCellReader":
        """Return the reader of a file; an amount such as 14.5 tells that its decimals are behind a point."""
        organization = directory()
        habits = NotationHabits.of(organization.tenant.country, organization.default_brand.currency, organization.zone)
        habits = replace(habits, decimal=_find_decimal_mark(lines))
        rows: dict[PriceColumn, Mapping[int, Any]] = {
            PriceColumn.UNIT: price_units(),
            PriceColumn.TAX_CLASS: tax_classes(),
            PriceColumn.PIPELINE: pipeline_setup().pipelines,
            PriceColumn.BRAND: organization.brands,
            PriceColumn.SUPPLIER: suppliers(),
        }
        return cls(habits, {column: _by_name(of_column) for column, of_column in rows.items()})

    def read_fields(self, cells: PriceCells) -> dict[str, Any]:
        """Return the fields of an item that the row names. An empty cell names nothing. Raises Refused."""
        fields: dict[str, Any] = {str(column): cells[column] for column in _TEXTS if column in cells}
        for column, key in _KEYS.items():
            if column in cells:
                fields[key] = self._find(column, cells[column])
        for column in _DAYS:
            if column in cells:
                fields[str(column)] = self._read_day(column, cells[column])
        if PriceColumn.OPTIONAL in cells:
            fields["is_optional"] = _read_yes_no(cells[PriceColumn.OPTIONAL])
        return fields

    def read_amount(self, column: PriceColumn, cells: PriceCells, currency: str) -> int | None:
        """Return the minor units of a price or cost; None for an empty cell. Raises Refused for another currency."""
        cell = cells.get(column)
        if not cell:
            return None
        try:
            minor, own = parse_money(cell, self.habits)
        except Refused as why:
            raise Refused(f"{column.label}: {why}") from None
        if own != currency:
            raise Refused(_("Enter the amount in %(currency)s.") % {"currency": currency})
        return minor

    def _find(self, column: PriceColumn, cell: str) -> int:
        pk = self.records[column].get(name_key(cell))
        if pk is None:
            words = _("%(column)s: there is no “%(name)s”. Add it to the settings first.")
            raise Refused(words % {"column": column.label, "name": cell[:60]})
        return pk

    def _read_day(self, column: PriceColumn, cell: str) -> date:
        try:
            return parse_instant(cell, self.habits).astimezone(self.habits.zone).date()
        except Refused as why:
            raise Refused(f"{column.label}: {why}") from None


def _find_decimal_mark(lines: Iterable[PriceCells]) -> str:
    """Return the mark that stands before other than three digits in the amounts of a file; "" if none does, or both.

    Suppliers write prices with three decimals, and 1.449 alone would be more than a thousand.
    """
    marks = set()
    for cells in lines:
        for column in (PriceColumn.PRICE, PriceColumn.COST):
            match = _LAST_MARK.search(cells.get(column, "")[:40])
            if match and len(match[2]) != 3:
                marks.add(match[1])
    if len(marks) == 1:
        return str(marks.pop())
    return ""


def _by_name(rows: Mapping[int, Any]) -> dict[str, int]:
    return {name_key(row.name): pk for pk, row in rows.items() if row.archived_at is None}


def _read_yes_no(cell: str) -> bool:
    key = name_key(cell)
    if key in _YES:
        return True
    if key in _NO:
        return False
    raise Refused(_("Optional: enter yes or no."))
