"""Lines of a draft as the body of a request names them: of items, of kits, or with a name and a price."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.fields import FlagField, LineField, MinorField, PatternField, StrictSerializer, TextField
from api.resources.named_setup import find_named
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from quotes.editor.line_values import LinePricing
from quotes.models import PriceItem, PriceKit, Quote, QuoteOption
from quotes.prices.models.price_unit import PIECE, price_units
from quotes.taxes.models.tax_class import tax_classes

# A million dollars a unit, and so many units: sums stay within what the database holds.
MOST_PRICE = 10**10
QUANTITY = r"^[0-9]{1,5}(\.[0-9]{1,3})?$"


class NewOptionSerializer(StrictSerializer):
    """An option of a draft."""

    name = LineField(max_length=60)
    description = LineField(max_length=200, required=False)
    is_proposed = FlagField(required=False, default=False)


class NewLineSerializer(StrictSerializer):
    """A line: of an `item` of the price book, of a `kit` of items, or one with a `name` and a `unit_price`.

    What is given besides an item replaces what the price book has.
    """

    item = LineField(max_length=40, required=False, help_text="The code of an item.")
    kit = LineField(max_length=80, required=False, help_text="The name of a kit: a line for each of its items.")
    name = LineField(max_length=160, required=False)
    details = TextField(max_length=500, required=False, allow_blank=True)
    quantity = PatternField(QUANTITY, required=False, default="1", help_text="A decimal, as text.")
    unit = LineField(max_length=20, required=False)
    unit_price = MinorField(max_value=MOST_PRICE, required=False)
    unit_cost = MinorField(max_value=MOST_PRICE, required=False)
    tax_class = LineField(max_length=60, required=False, help_text="By name; otherwise that of the item.")
    is_optional = FlagField(required=False, help_text="Whether the customer may take it off.")
    option = LineField(max_length=60, required=False, help_text="The name of one of the options; otherwise in all.")


class ContentSerializer(StrictSerializer):
    """Options and lines of a draft."""

    options = NewOptionSerializer(many=True, required=False)
    lines = NewLineSerializer(many=True)


def add_content_of(quote: Quote, values: Mapping[str, Any], *, by: Member) -> None:
    """Add the options and lines of a body to a draft. Raises Problem (409) for what names nothing."""
    for option in values.get("options", []):
        quote.add_option(
            option["name"], by=by, description=option.get("description", ""), proposed=option["is_proposed"]
        )
    if values.get("lines"):
        quote.add_lines(DraftedLines(quote, by).build(values["lines"]), by=by)


class DraftedLines:
    """Builds the columns of lines. Reads the items, kits, prices and options that they name once."""

    def __init__(self, quote: Quote, by: Member) -> None:
        self.by = by
        self.quote = quote
        self.pricing = LinePricing(quote)
        self.options = {option.name.casefold(): option for option in quote.newest_version().read_options()}

    def build(self, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the columns of all lines; a kit has several."""
        codes = [line["item"].lower() for line in lines if "item" in line]
        items = PriceItem.objects.live().with_lower_codes().filter(lower_code__in=codes)
        self.items = {item.lower_code: item for item in items}
        kits = PriceKit.objects.filter(archived_at=None, name__in=[line["kit"] for line in lines if "kit" in line])
        self.kits = {kit.name: kit for kit in kits.prefetch_related("lines__item")}
        parts = [part.item for kit in self.kits.values() for part in kit.lines.all()]
        self.prices = self.pricing.prices_of([*self.items.values(), *parts])
        return [row for place, line in enumerate(lines) for row in self._rows(line, f"/lines/{place}")]

    def _rows(self, line: Mapping[str, Any], pointer: str) -> list[dict[str, Any]]:
        sources = [name for name in ("item", "kit") if name in line] or ["name"]
        if len(sources) > 1 or (sources == ["name"] and not {"name", "unit_price"} <= line.keys()):
            raise conflict_at(pointer, _("A line has an item, or a kit, or a name and a unit price."))
        if "unit_cost" in line and not allows(self.by, "quotes.see_margin"):
            raise conflict_at(f"{pointer}/unit_cost", _("The role of the token’s member does not allow this."))
        option = self._option(line, pointer)
        if "kit" in line:
            return [row | {"option": option} for row in self._kit_rows(line, pointer)]
        if "item" in line:
            columns = self._item_columns(line, pointer)
        else:
            columns = {"unit_code": PIECE, **self.pricing.tax_columns(None)}
        return [columns | self._own_columns(line, pointer) | {"option": option}]

    def _option(self, line: Mapping[str, Any], pointer: str) -> QuoteOption | None:
        if "option" not in line:
            return None
        option = self.options.get(line["option"].casefold())
        if option is None:
            raise conflict_at(f"{pointer}/option", _("There is no “%(name)s”.") % {"name": line["option"]})
        return option

    def _item_columns(self, line: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        item = self.items.get(line["item"].lower())
        if item is None:
            words = _("There is no item “%(name)s” in the price book.")
            raise conflict_at(f"{pointer}/item", words % {"name": line["item"]})
        return self._priced_columns(item, f"{pointer}/item")

    def _priced_columns(self, item: PriceItem, pointer: str, quantity: int = 1000) -> dict[str, Any]:
        price = self.prices.get(item.pk)
        if price is None:
            words = _("“%(name)s” has no price in %(currency)s.")
            raise conflict_at(pointer, words % {"name": item.name, "currency": self.quote.currency})
        return self.pricing.item_columns(item, price, quantity)

    def _kit_rows(self, line: Mapping[str, Any], pointer: str) -> list[dict[str, Any]]:
        kit = self.kits.get(line["kit"])
        if kit is None or kit.brand_id not in (None, self.quote.brand_id):
            raise conflict_at(f"{pointer}/kit", _("There is no “%(name)s”.") % {"name": line["kit"]})
        times = read_thousandths(line["quantity"])
        rows = []
        for part in kit.lines.all():
            columns = self._priced_columns(part.item, f"{pointer}/kit", part.quantity * times // 1000)
            columns["is_optional"] = line.get("is_optional", part.is_optional or part.item.is_optional)
            rows.append(columns)
        return rows

    def _own_columns(self, line: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        """Return the columns that the body itself has."""
        names = ("name", "details", "unit_price", "unit_cost", "is_optional")
        columns = {name: line[name] for name in names if name in line}
        columns["quantity"] = read_thousandths(line["quantity"])
        if "unit" in line:
            unit = next((one for one in price_units().values() if one.name == line["unit"]), None)
            columns |= {"unit": line["unit"], "unit_code": unit.code if unit else PIECE}
        if "tax_class" in line:
            tax_class = find_named(tax_classes().values(), line["tax_class"], f"{pointer}/tax_class")
            columns |= self.pricing.tax_columns(tax_class.pk)
        return columns


def read_thousandths(text: str) -> int:
    """Return a quantity of the body in thousandths."""
    return int(Decimal(text) * 1000)
