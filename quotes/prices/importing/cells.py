"""Read the cells of a price file by the words of the tenant and the notation of its country."""

from collections.abc import Mapping
from dataclasses import dataclass
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
_DAYS = (PriceColumn.VALID_FROM, PriceColumn.VALID_UNTIL)


@dataclass(frozen=True)
class PriceCellReader:
    """Reads cells; the configuration by name, as it is when the reader is made."""

    habits: NotationHabits
    records: Mapping[PriceColumn, Mapping[str, int]]

    @classmethod
    def of_tenant(cls) -> "PriceCellReader":
        organization = directory()
        habits = NotationHabits.of(organization.tenant.country, organization.default_brand.currency, organization.zone)
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


def _by_name(rows: Mapping[int, Any]) -> dict[str, int]:
    return {name_key(row.name): pk for pk, row in rows.items() if row.archived_at is None}


def _read_yes_no(cell: str) -> bool:
    key = name_key(cell)
    if key in _YES:
        return True
    if key in _NO:
        return False
    raise Refused(_("Optional: enter yes or no."))
