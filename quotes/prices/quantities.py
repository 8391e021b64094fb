"""Parse and format quantities, which are whole thousandths: "1.5" is 1,500."""

import re
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.formats import get_locale
from crm.kernel.refusal import Refused
from quotes.prices.models.kit import MOST_QUANTITY

_QUANTITY = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?")


def read_quantity(text: str) -> int:
    """Return a typed quantity in thousandths; a point and a comma both stand before decimals. Raises Refused."""
    text = text.strip()
    if len(text) > 20 or not text.isascii() or not _QUANTITY.fullmatch(text):
        raise Refused(_("Enter a quantity, such as 28 or 1.5."))
    thousandths = int(Decimal(text.replace(",", ".")) * 1000)
    if not 0 < thousandths <= MOST_QUANTITY:
        raise Refused(_("Enter a quantity above zero for each item."))
    return thousandths


def quantity_text(thousandths: int, country: str) -> str:
    """Format a quantity: "28", "1.5"."""
    where = get_locale(get_language() or "en", country)
    return str(format_decimal(Decimal(thousandths).scaleb(-3), "0.###", locale=where))
