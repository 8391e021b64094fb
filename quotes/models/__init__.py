"""The models of quotes, taxes and the price book."""

from quotes.taxes.models import TaxClass, TaxRate

__all__ = ["TaxClass", "TaxRate"]
