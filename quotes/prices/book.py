"""Read the price book: the price of an item on a day, and its history."""

from collections.abc import Iterable, Mapping
from datetime import date

from quotes.prices.models import ItemPrice, PriceItem


def price_on(item: PriceItem, day: date, currency: str) -> ItemPrice | None:
    """Return the price of an item in force on a day; None where it has none in the currency."""
    return prices_on([item.pk], day, currency).get(item.pk)


def prices_on(item_ids: Iterable[int], day: date, currency: str) -> Mapping[int, ItemPrice]:
    """Return the prices of items in force on a day, by item. One query."""
    rows = ItemPrice.objects.filter(item_id__in=item_ids, currency=currency, from_day__lte=day)
    return {row.item_id: row for row in rows.order_by("item_id", "-from_day", "-pk").distinct("item_id")}
