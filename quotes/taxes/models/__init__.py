"""The models of taxes."""

from quotes.taxes.models.tax_class import TaxClass, TaxClassKind
from quotes.taxes.models.tax_number import TaxNumber
from quotes.taxes.models.tax_rate import TaxRate

__all__ = ["TaxClass", "TaxClassKind", "TaxNumber", "TaxRate"]
