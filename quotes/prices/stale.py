"""Find the lines of a quote whose price in the book has moved since they were priced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from crm.kernel.amounts import line_total
from quotes.prices.models import ItemPrice


class PricedLine(Protocol):
    """Protocol of a line with a price: item, quantity in thousandths, price and cost in minor units, and their day."""

    @property
    def item_id(self) -> int | None: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def unit_cost(self) -> int | None: ...
    @property
    def priced_on(self) -> date | None: ...
    @property
    def kept_until(self) -> date | None: ...


LineT = TypeVar("LineT", bound=PricedLine)


@dataclass(frozen=True)
class StalePrice(Generic[LineT]):
    """A line with the book's price of today. `days`: how old its own is; `moved_on`: when the cost last changed.

    `cost_before` and `moved_on` are None where the cost is what it was.
    """

    line: LineT
    book: ItemPrice
    days: int
    cost_before: int | None = None
    moved_on: date | None = None

    @property
    def difference(self) -> int:
        """How much more the line would be by the book; below zero for less."""
        return line_total(self.line.quantity, self.book.price) - line_total(self.line.quantity, self.line.unit_price)

    @property
    def is_below(self) -> bool:
        """True if the line is priced below the book."""
        return self.line.unit_price < self.book.price


def stale_prices(lines: Iterable[LineT], day: date, currency: str) -> list[StalePrice[LineT]]:
    """Return the lines priced by an older price of the book, in their order. One query.

    Left out are lines whose price is kept on purpose, free lines, and those that say what the book says.
    """
    dated = [line for line in lines if line.item_id and line.priced_on and not _is_kept(line, day)]
    history = price_history([line.item_id for line in dated if line.item_id], day, currency)
    compared = [_compare(line, history.get(line.item_id or 0, ()), day) for line in dated]
    return [stale for stale in compared if stale]


def price_history(item_ids: Iterable[int], day: date, currency: str) -> Mapping[int, Sequence[ItemPrice]]:
    """Return the prices of items up to a day, the oldest first, by item. One query."""
    rows = ItemPrice.objects.filter(item_id__in={*item_ids}, currency=currency, from_day__lte=day)
    history: dict[int, list[ItemPrice]] = {}
    for row in rows.order_by("from_day", "pk"):
        history.setdefault(row.item_id, []).append(row)
    return history


def _is_kept(line: PricedLine, day: date) -> bool:
    return line.kept_until is not None and day <= line.kept_until


def _compare(line: LineT, prices: Sequence[ItemPrice], day: date) -> StalePrice[LineT] | None:
    priced_on = line.priced_on
    if not prices or priced_on is None:
        return None
    book = prices[-1]
    older = [row for row in prices if row.from_day <= priced_on]
    is_newer = not older or older[-1].pk != book.pk or _moved_that_day(line, older)
    says_book = line.unit_price == book.price and line.unit_cost in (None, book.cost)
    if not is_newer or says_book:
        return None
    cost_before, moved_on = _cost_move(line.unit_cost, prices)
    return StalePrice(line, book, (day - priced_on).days, cost_before, moved_on)


def _moved_that_day(line: PricedLine, prices: Sequence[ItemPrice]) -> bool:
    """True if the book's price was changed on the day of the line, which has an earlier one."""
    return prices[-1].from_day == line.priced_on and any(row.price == line.unit_price for row in prices[:-1])


def _cost_move(cost: int | None, prices: Sequence[ItemPrice]) -> tuple[int | None, date | None]:
    """Return the cost of the line and the day from which the book's is another, if it is."""
    book = prices[-1]
    if cost is None or book.cost is None or cost == book.cost:
        return None, None
    moved_on = book.from_day
    for row in reversed(prices):
        if row.cost != book.cost:
            break
        moved_on = row.from_day
    return cost, moved_on
