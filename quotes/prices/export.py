"""Export the price book to a file, in the order of its list; quotes/prices/importing reads it again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.exports import Row
from quotes.prices.item_list import PRICES
from quotes.prices.item_rows import SEE_MARGIN, current_prices, unit_name
from quotes.prices.models import ItemPrice, PriceItem
from quotes.prices.models.supplier import suppliers
from quotes.taxes.models.tax_class import tax_classes


def list_ids(query: QueryDict, member: Member) -> Iterable[int]:
    """List the ids of the items of a view, in the order of the list."""
    filters = PRICES.read(query, member)
    rows = PRICES.order(filters).of(PRICES.apply(filters, member))
    ids: Iterable[int] = rows.values_list("pk", flat=True).iterator(chunk_size=20_000)
    return ids


def list_headings() -> list[str]:
    return [
        *(_("ID"), _("Code"), _("Name"), _("Description"), _("Unit"), _("Price"), _("Cost"), _("Currency"), _("From")),
        *(_("Tax class"), _("Pipeline"), _("Brand"), _("Optional"), _("Supplier"), _("Supplier’s number")),
        *(_("Offered from"), _("Offered until")),
    ]


def read_rows(pks: Sequence[int], member: Member) -> Iterator[Row]:
    """Read the rows, with one statement for the items and one a currency for their prices."""
    items = PriceItem.objects.visible_to(member).in_bulk(pks)
    prices = current_prices(list(items.values()))
    sees_cost = allows(member, SEE_MARGIN)
    return (_build_row(items[pk], prices, sees_cost) for pk in pks if pk in items)


def _build_row(item: PriceItem, prices: Mapping[int, ItemPrice], sees_cost: bool) -> Row:
    price = prices.get(item.pk)
    pipelines, brands = pipeline_setup().pipelines, directory().brands
    return [
        str(item.uid),
        item.code,
        item.name,
        item.description,
        unit_name(item.unit_id),
        in_units(price.price, price.currency) if price else None,
        in_units(price.cost, price.currency) if price and sees_cost else None,
        price.currency if price else "",
        price.from_day if price else None,
        tax_classes()[item.tax_class_id].name if item.tax_class_id else "",
        pipelines[item.pipeline_id].name if item.pipeline_id else "",
        brands[item.brand_id].name if item.brand_id else "",
        _("yes") if item.is_optional else _("no"),
        suppliers()[item.supplier_id].name if item.supplier_id else "",
        item.supplier_code,
        item.valid_from,
        item.valid_until,
    ]


def in_units(minor: int | None, currency: str) -> Decimal | None:
    """Return an amount in whole units with its decimals, as a spreadsheet computes with it."""
    if minor is None:
        return None
    return Decimal(minor).scaleb(-get_currency_precision(currency))
