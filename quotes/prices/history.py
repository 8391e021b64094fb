"""The history of an item's prices as its page shows it: the newest first, with how much price and cost moved."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.kernel.amounts import round_half_up
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of
from quotes.prices.item_rows import day_text, margin_text, money_text
from quotes.prices.models import ItemPrice, PriceItem


class PriceHistoryRow(NamedTuple):
    """A price of an item in words. `state`: "now", "later" or "" for one that is past."""

    pk: int
    state: str
    since: str
    price: str
    # How it differs from the one before it: "+6%"; blank for the first.
    change: str
    cost: str
    margin: str
    by: str


def history_rows(item: PriceItem, sees_cost: bool, reader: Reader) -> list[PriceHistoryRow]:
    """Return all prices of an item, the newest first; costs only if they may be seen. One query."""
    prices: list[ItemPrice] = list(item.prices.order_by("currency", "from_day", "pk"))
    today = directory().today()
    in_force = {price.currency: price.pk for price in prices if price.is_in_force(today)}
    before: dict[str, ItemPrice] = {}
    rows = []
    for price in prices:
        state = ""
        if not price.is_in_force(today):
            state = "later"
        elif in_force[price.currency] == price.pk:
            state = "now"
        rows.append(_history_row(price, before.get(price.currency), state, sees_cost, reader))
        before[price.currency] = price
    return rows[::-1]


def _history_row(
    price: ItemPrice, before: ItemPrice | None, state: str, sees_cost: bool, reader: Reader
) -> PriceHistoryRow:
    cost = margin = ""
    if sees_cost and price.cost is not None:
        cost = money_text(price.cost, price.currency, reader)
        margin = margin_text(price.price, price.cost)
    return PriceHistoryRow(
        pk=price.pk,
        state=state,
        since=day_text(price.from_day, reader),
        price=money_text(price.price, price.currency, reader),
        change=_change_text(before.price, price.price) if before else "",
        cost=cost,
        margin=margin,
        by=name_of(price.created_by_id),
    )


def _change_text(before: int, after: int) -> str:
    if not before or before == after:
        return _("unchanged") if before == after else ""
    percent = round_half_up(100 * (after - before), before)
    sign = "+" if percent > 0 else "−"
    return f"{sign}{abs(percent)}%"
