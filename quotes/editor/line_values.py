"""Columns of new lines: from an item of the price book, a kit, a template, or another quote, at prices of today."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from quotes.models import ItemPrice, PriceItem, PriceKit, Quote, QuoteOption, QuoteTemplate, TaxClass, VersionContent
from quotes.prices.book import prices_on
from quotes.prices.models.price_unit import PIECE, price_units
from quotes.taxes.models.tax_class import default_tax_class, tax_classes
from quotes.taxes.treatment import TaxPlace, rate_for

# What a template keeps of a line.
KEPT = ("name", "details", "unit", "unit_code", "quantity", "unit_price", "unit_cost", "tax_class_id", "is_optional")


class LinePricing:
    """Prices and taxes of a quote's lines on its current day. Reads the place of the tax once."""

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        self.day = quote.today()
        seller = directory().brands[quote.brand_id].country
        self.place = TaxPlace.of(seller, quote.job.site, quote.person)

    def tax_columns(self, tax_class_id: int | None) -> dict[str, Any]:
        """Return the tax columns of a line; of the default class where none is given."""
        tax_class: TaxClass | None = tax_classes().get(tax_class_id or 0) or default_tax_class()
        if tax_class is None:
            return {"tax_class_id": None}
        tax = rate_for(tax_class, self.place, self.day)
        return {
            "tax_class_id": tax_class.pk,
            "tax_rate_ppm": tax.rate_ppm,
            "tax_name": tax.name,
            "tax_treatment": tax.treatment,
        }

    def item_columns(self, item: PriceItem, price: ItemPrice, quantity: int = 1000) -> dict[str, Any]:
        """Return the columns of a line of an item."""
        unit = price_units().get(item.unit_id or 0)
        return {
            "item": item,
            "name": item.name,
            "details": item.description,
            "unit": unit.name if unit else "",
            "unit_code": unit.code if unit else PIECE,
            "quantity": quantity,
            "unit_price": price.price,
            "unit_cost": price.cost,
            "is_optional": item.is_optional,
            "priced_on": self.day,
            **self.tax_columns(item.tax_class_id),
        }

    def prices_of(self, items: Iterable[PriceItem]) -> Mapping[int, ItemPrice]:
        """Return today's prices of items, by item."""
        return prices_on([item.pk for item in items], self.day, self.quote.currency)


@transaction.atomic
def add_item(quote: Quote, item: PriceItem, option: QuoteOption | None, *, by: Member | None) -> None:
    """Add a line of an item at today's price. Raises Refused if it has none in the quote's currency."""
    pricing = LinePricing(quote)
    price = pricing.prices_of([item]).get(item.pk)
    if price is None:
        raise _no_price(item, quote)
    quote.add_lines([pricing.item_columns(item, price) | {"option": option}], by=by)


@transaction.atomic
def add_kit(quote: Quote, kit: PriceKit, option: QuoteOption | None, *, by: Member | None) -> int:
    """Add a line for each item of a kit, and return how many. Raises Refused if one has no price."""
    pricing = LinePricing(quote)
    parts = list(kit.lines.select_related("item"))
    prices = pricing.prices_of(part.item for part in parts)
    rows = []
    for part in parts:
        price = prices.get(part.item_id)
        if price is None:
            raise _no_price(part.item, quote)
        columns = pricing.item_columns(part.item, price, part.quantity)
        rows.append(columns | {"option": option, "is_optional": part.is_optional or part.item.is_optional})
    return len(quote.add_lines(rows, by=by))


def _no_price(item: PriceItem, quote: Quote) -> Refused:
    return Refused(_("“%(name)s” has no price in %(currency)s.") % {"name": item.name, "currency": quote.currency})


def template_content(content: VersionContent) -> dict[str, Any]:
    """Return options and lines of a version as a template keeps them."""
    places = {option.pk: place for place, option in enumerate(content.options)}
    lines = [
        {name: getattr(line, name) for name in KEPT}
        | {"item": line.item_id, "option": places[line.option_id] if line.option_id else None}
        for line in content.lines
    ]
    options = [
        {"name": option.name, "description": option.description, "is_proposed": option.is_proposed}
        for option in content.options
    ]
    return {"options": options, "lines": lines}


@transaction.atomic
def clear_content(quote: Quote, *, by: Member | None) -> None:
    """Remove all options and lines of a draft. Raises Refused where there is none."""
    draft = quote.lock_draft()
    # Lines before options: the database checks their keys at once.
    draft.lines.all().delete()
    draft.options.all().delete()
    quote.save_edit(draft, by, "lines")


@transaction.atomic
def create_from(template: QuoteTemplate, quote: Quote, *, by: Member | None) -> None:
    """Fill a new quote with the options and lines of a template."""
    add_content(quote, template.content, by=by)


@transaction.atomic
def add_content(quote: Quote, content: Mapping[str, Any], *, by: Member | None) -> None:
    """Add options and lines in a template's form; items of the price book at today's prices and taxes.

    A line whose item has no price any more keeps the price it was stored with.
    """
    options = [
        quote.add_option(
            one["name"], by=by, description=one.get("description", ""), proposed=bool(one.get("is_proposed"))
        )
        for one in content.get("options", [])
    ]
    pricing = LinePricing(quote)
    stored = list(content.get("lines", []))
    items = PriceItem.objects.live().in_bulk({line["item"] for line in stored if line.get("item")})
    prices = pricing.prices_of(items.values())
    rows = []
    for line in stored:
        columns = {name: line[name] for name in KEPT if name in line}
        columns |= pricing.tax_columns(line.get("tax_class_id"))
        item = items.get(line.get("item") or 0)
        if item and item.pk in prices:
            price = prices[item.pk]
            columns |= {"item": item, "unit_price": price.price, "unit_cost": price.cost, "priced_on": pricing.day}
        place = line.get("option")
        columns["option"] = options[place] if place is not None else None
        rows.append(columns)
    quote.add_lines(rows, by=by)
