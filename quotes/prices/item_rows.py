"""Rows of the price book as its list shows them, and texts about prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.amounts import round_half_up
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from quotes.prices.book import prices_on
from quotes.prices.models import ItemPrice, PriceItem
from quotes.prices.models.price_unit import price_units
from quotes.prices.models.supplier import suppliers
from quotes.taxes.models.tax_class import tax_classes

SEE_MARGIN = "quotes.see_margin"


@dataclass(frozen=True)
class PriceItemRow:
    """One item with its price of today. `cost` and `margin` are blank for who may not see them."""

    item: PriceItem
    price: str
    unit: str
    cost: str
    margin: str
    # The texts of the chosen columns, in their order.
    cells: list[str]


def item_rows(items: Sequence[PriceItem], columns: Sequence[str], member: Member, reader: Reader) -> list[PriceItemRow]:
    """Build the rows of these items. One query a currency."""
    prices = current_prices(items)
    sees_cost = allows(member, SEE_MARGIN)
    return [_item_row(item, prices.get(item.pk), columns, sees_cost, reader) for item in items]


def current_prices(items: Sequence[PriceItem]) -> dict[int, ItemPrice]:
    """Return the prices of items in force today, each in its currency, by item. One query a currency."""
    currencies = {item.pk: currency_of(item) for item in items}
    today = directory().today()
    prices: dict[int, ItemPrice] = {}
    for currency in sorted(set(currencies.values())):
        prices |= prices_on([pk for pk, own in currencies.items() if own == currency], today, currency)
    return prices


def currency_of(item: PriceItem) -> str:
    """Return the currency an item is priced in: that of its brand, else of the default brand."""
    brands = directory().brands
    if item.brand_id:
        return brands[item.brand_id].currency
    return default_currency()


def default_currency() -> str:
    """Return the currency of the default brand."""
    return directory().default_brand.currency


def _item_row(
    item: PriceItem, price: ItemPrice | None, columns: Sequence[str], sees_cost: bool, reader: Reader
) -> PriceItemRow:
    cost = margin = ""
    if price and sees_cost and price.cost is not None:
        cost = money_text(price.cost, price.currency, reader)
        margin = margin_text(price.price, price.cost)
    cells = {
        "code": item.code,
        "pipeline": pipeline_setup().pipelines[item.pipeline_id].name if item.pipeline_id else "",
        "brand": directory().brands[item.brand_id].name if item.brand_id else "",
        "tax": tax_classes()[item.tax_class_id].name if item.tax_class_id else "",
        "supplier": suppliers()[item.supplier_id].name if item.supplier_id else "",
        "valid": validity_text(item.valid_from, item.valid_until, reader),
        "from": day_text(price.from_day, reader) if price else "",
    }
    return PriceItemRow(
        item=item,
        price=money_text(price.price, price.currency, reader) if price else "",
        unit=unit_name(item.unit_id),
        cost=cost,
        margin=margin,
        cells=[cells[column] for column in columns],
    )


def unit_name(unit_id: int | None) -> str:
    """Return the word of a unit; blank for none."""
    if unit_id is None:
        return ""
    return str(price_units()[unit_id].name)


def money_text(minor: int, currency: str, reader: Reader) -> str:
    return formats.money(minor, currency, reader.country, reader.language)


def margin_text(price: int, cost: int) -> str:
    """Return the share of the price that is not cost, in percent: "33%"; blank for a price of zero."""
    if not price:
        return ""
    return f"{round_half_up(100 * (price - cost), price)}%"


def day_text(day: date, reader: Reader) -> str:
    return formats.full_day(day, reader.country)


def validity_text(first: date | None, last: date | None, reader: Reader) -> str:
    """Return from and until when an item is offered; blank if always."""
    if first and last:
        return _("%(first)s to %(last)s") % {"first": day_text(first, reader), "last": day_text(last, reader)}
    if first:
        return _("from %(day)s") % {"day": day_text(first, reader)}
    if last:
        return _("until %(day)s") % {"day": day_text(last, reader)}
    return ""
