"""Judge the rows of a price file: what each would do, or why it is refused. The preview and the run both do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.importing.cells import cells_by_column
from crm.jobs.importing.verdicts import ImportVerdict, RowResult
from crm.kernel.amounts import round_half_up
from crm.kernel.refusal import Refused
from quotes.prices.importing.cells import PriceCellReader, PriceCells
from quotes.prices.importing.columns import PriceColumn
from quotes.prices.importing.models import PriceImport
from quotes.prices.item_rows import currency_of, current_prices
from quotes.prices.models import ItemPrice, PriceItem
from quotes.prices.models.price_item import check_amount


@dataclass(frozen=True)
class JudgedPrice(RowResult):
    """The verdict on a row. `fields`: what it changes of its item; `price`: (price, cost) from the run's day on."""

    item: PriceItem | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    price: tuple[int, int | None] | None = None
    before: ItemPrice | None = None
    currency: str = ""


@dataclass(frozen=True)
class KnownItems:
    """The items that the rows may mean, and their prices of today."""

    by_uid: Mapping[UUID, PriceItem]
    by_code: Mapping[str, PriceItem]
    by_supplier_code: Mapping[tuple[int, str], PriceItem]
    prices: Mapping[int, ItemPrice]


def judge_rows(run: PriceImport, positions: Sequence[int]) -> list[tuple[int, JudgedPrice]]:
    """Judge these rows as things are now, each with its number in the file."""
    lines = [(number, cells_by_column(PriceColumn, run.columns, cells)) for number, cells in run.rows]
    repeated = _repeated_rows(lines)
    chosen = [lines[at] for at in positions]
    records = _load_known([cells for _number, cells in chosen])
    judge = PriceJudge(run, records, PriceCellReader.of_rows([cells for _number, cells in lines]))
    return [(number, _judge_row(judge, repeated.get(number), cells)) for number, cells in chosen]


def _judge_row(judge: "PriceJudge", repeated: int | None, cells: PriceCells) -> JudgedPrice:
    try:
        if repeated:
            raise Refused(_("It is the same item as in row %(row)s.") % {"row": repeated})
        return judge.judge(cells)
    except Refused as why:
        return JudgedPrice(ImportVerdict.REFUSED, str(why))


def _row_key(cells: PriceCells) -> tuple[PriceColumn, str] | None:
    for column in (PriceColumn.ID, PriceColumn.CODE, PriceColumn.SUPPLIER_CODE):
        if column in cells:
            return column, cells[column].casefold()
    return None


def _repeated_rows(lines: Sequence[tuple[int, PriceCells]]) -> dict[int, int]:
    """Return the rows whose item an earlier row is about, with the number of that row."""
    first: dict[tuple[PriceColumn, str], int] = {}
    repeated = {}
    for number, cells in lines:
        key = _row_key(cells)
        if key is None:
            continue
        if key in first:
            repeated[number] = first[key]
        else:
            first[key] = number
    return repeated


def _load_known(rows: Sequence[PriceCells]) -> KnownItems:
    """Load the items that these rows name, with their prices. Two queries."""
    uids = {uid for cells in rows if (uid := _read_uid(cells.get(PriceColumn.ID, "")))}
    codes = {cells[PriceColumn.CODE].lower() for cells in rows if PriceColumn.CODE in cells}
    numbers = {cells[PriceColumn.SUPPLIER_CODE].lower() for cells in rows if PriceColumn.SUPPLIER_CODE in cells}
    named = Q(uid__in=uids) | Q(lower_code__in=codes) | Q(lower_number__in=numbers)
    items = list(PriceItem.objects.with_lower_codes().filter(named))
    return KnownItems(
        by_uid={item.uid: item for item in items},
        by_code={item.code.lower(): item for item in items if item.code},
        by_supplier_code={
            (item.supplier_id, item.supplier_code.lower()): item
            for item in items
            if item.supplier_id and item.supplier_code
        },
        prices=current_prices(items),
    )


def _read_uid(cell: str) -> UUID | None:
    try:
        return UUID(cell)
    except ValueError:
        return None


@dataclass(frozen=True)
class PriceJudge:
    """Judges the rows of a run by the items they name."""

    run: PriceImport
    known: KnownItems
    reader: PriceCellReader

    def judge(self, cells: PriceCells) -> JudgedPrice:
        """Return what a row would do. Raises Refused."""
        if self.run.supplier_id:
            return self._judge_supplier_row(cells, self.run.supplier_id)
        item = self._find_item(cells)
        fields = self.reader.read_fields(cells)
        if item is None:
            return self._judge_new(cells, fields)
        changed = {name: value for name, value in fields.items() if getattr(item, name) != value}
        price = self._read_price(cells, item)
        return self._judge_change(item, changed, price)

    def _find_item(self, cells: PriceCells) -> PriceItem | None:
        cell = cells.get(PriceColumn.ID)
        if cell:
            uid = _read_uid(cell)
            if uid is None or uid not in self.known.by_uid:
                raise Refused(_("There is no item with this ID."))
            return self.known.by_uid[uid]
        return self.known.by_code.get(cells.get(PriceColumn.CODE, "").lower())

    def _judge_new(self, cells: PriceCells, fields: Mapping[str, Any]) -> JudgedPrice:
        if not fields.get("name"):
            raise Refused(_("The name is missing."))
        unsaved = PriceItem(**fields)
        unsaved.check_facts()
        currency = currency_of(unsaved)
        price = self._price_of(cells, currency, None)
        return JudgedPrice(ImportVerdict.NEW, fields=fields, price=price, currency=currency)

    def _judge_supplier_row(self, cells: PriceCells, supplier_id: int) -> JudgedPrice:
        """Judge a row of a supplier's list: by the supplier's number, or by our code. It changes the cost."""
        number = cells.get(PriceColumn.SUPPLIER_CODE) or cells.get(PriceColumn.CODE, "")
        if not number:
            raise Refused(_("The number is missing."))
        item = self.known.by_supplier_code.get((supplier_id, cells.get(PriceColumn.SUPPLIER_CODE, "").lower()))
        item = item or self.known.by_code.get(cells.get(PriceColumn.CODE, "").lower())
        if item is None or item.archived_at:
            raise Refused(_("No item has the number “%(number)s”.") % {"number": number})
        currency = currency_of(item)
        cost = self.reader.read_amount(PriceColumn.COST, cells, currency)
        if cost is None:
            raise Refused(_("The cost is missing."))
        before = self.known.prices.get(item.pk)
        if before is None:
            raise Refused(_("The item has no price yet. Set one first."))
        return self._judge_change(item, {}, (self._following_price(before, cost), cost))

    def _following_price(self, before: ItemPrice, cost: int) -> int:
        """Return the price with a new cost: as it is, or such that the margin in percent stays.

        Raises Refused for one that is too large.
        """
        if self.run.keeps_margin and before.cost:
            price = round_half_up(before.price * cost, before.cost)
            check_amount(price)
            return price
        return int(before.price)

    def _read_price(self, cells: PriceCells, item: PriceItem) -> tuple[int, int | None] | None:
        return self._price_of(cells, currency_of(item), self.known.prices.get(item.pk))

    def _price_of(self, cells: PriceCells, currency: str, before: ItemPrice | None) -> tuple[int, int | None] | None:
        """Return price and cost of a row; an empty cell is what the book says. None where there is no price."""
        price = self.reader.read_amount(PriceColumn.PRICE, cells, currency)
        cost = self.reader.read_amount(PriceColumn.COST, cells, currency)
        if price is None and before:
            price = before.price
        if cost is None and before:
            cost = before.cost
        if price is None and cost is not None:
            raise Refused(_("The price is missing."))
        if price is None:
            return None
        return price, cost

    def _judge_change(
        self, item: PriceItem, fields: Mapping[str, Any], price: tuple[int, int | None] | None
    ) -> JudgedPrice:
        before = self.known.prices.get(item.pk)
        if before and price == (before.price, before.cost):
            price = None
        verdict = ImportVerdict.UNCHANGED
        if fields or price:
            verdict = ImportVerdict.UPDATE
        return JudgedPrice(verdict, "", item, fields, price, before, currency_of(item))
