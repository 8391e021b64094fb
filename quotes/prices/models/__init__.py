"""The models of the price book."""

from quotes.prices.models.item_price import ItemPrice
from quotes.prices.models.kit import KitLine, PriceKit
from quotes.prices.models.price_item import PriceItem, PriceItemQuerySet
from quotes.prices.models.price_unit import PriceUnit
from quotes.prices.models.supplier import Supplier

__all__ = ["ItemPrice", "KitLine", "PriceItem", "PriceItemQuerySet", "PriceKit", "PriceUnit", "Supplier"]
