"""The models of quotes, taxes and the price book."""

from quotes.prices.models import ItemPrice, KitLine, PriceItem, PriceKit, PriceUnit, Supplier
from quotes.taxes.models import TaxClass, TaxRate

__all__ = ["ItemPrice", "KitLine", "PriceItem", "PriceKit", "PriceUnit", "Supplier", "TaxClass", "TaxRate"]
