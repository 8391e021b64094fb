"""Parse and format what is typed on a quote: quantities, amounts and percentages, by the conventions of a country."""

import re
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.amounts import MILLION
from crm.kernel.formats import get_locale
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.organization.configuration import directory
from quotes.models.quote_record import QuoteRecord

# In thousandths: a million.
MOST_QUANTITY = 10**9
# Where a comma stands before thousands, not before decimals.
_POINT_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "NZ", "IE", "SG", "HK", "IN", "JP", "MX", "PH"})
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")


def parse_decimal(text: str, country: str, sentence: str) -> Decimal:
    """Parse a number with at most one decimal mark. Raises Refused with the sentence."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise Refused(sentence)
    thousands = "," if country in _POINT_COUNTRIES else "."
    whole, mark, rest = text.partition(thousands)
    if mark and len(rest) == 3:
        return Decimal(whole + rest)
    return Decimal(text.replace(",", "."))


def parse_quantity(text: str, country: str) -> int:
    """Parse a quantity into thousandths: "28" is 28,000, "1.5" is 1,500. Raises Refused."""
    sentence = _("Enter a quantity, such as 28 or 1.5.")
    thousandths = parse_decimal(text, country, sentence) * 1000
    if thousandths != int(thousandths) or thousandths > MOST_QUANTITY:
        raise Refused(sentence)
    return int(thousandths)


def parse_percent(text: str, country: str) -> int:
    """Parse a percentage into parts per million: "7.5" is 75,000; blank is 0. Raises Refused."""
    text = text.replace("%", "").strip()
    if not text:
        return 0
    sentence = _("Enter a percentage from 0 to 100.")
    ppm = parse_decimal(text, country, sentence) * 10_000
    if ppm != int(ppm) or ppm > MILLION:
        raise Refused(sentence)
    return int(ppm)


def parse_amount(text: str, quote: QuoteRecord) -> int:
    """Parse an amount in the currency of a quote into minor units. Raises Refused, also for another currency."""
    country = directory().brands[quote.brand_id].country
    minor, currency = parse_money(text, NotationHabits.of(country, quote.currency, quote.zone))
    if currency != quote.currency:
        raise Refused(_("The quote is in %(currency)s.") % {"currency": quote.currency})
    return minor


def plain_amount(minor: int, currency: str, country: str) -> str:
    """Format an amount for a field, without its currency: "95", "95.50"."""
    digits = get_currency_precision(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "0"
    if minor % 10**digits:
        pattern = "0." + "0" * digits
    return str(format_decimal(value, pattern, locale=get_locale(get_language() or "en", country)))


def grouped_amount(minor: int, currency: str, country: str) -> str:
    """Format an amount for a column that names no currency: "8,736", "8,736.50"."""
    digits = get_currency_precision(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "#,##0"
    if minor % 10**digits:
        pattern = "#,##0." + "0" * digits
    return str(format_decimal(value, pattern, locale=get_locale(get_language() or "en", country)))


def plain_quantity(thousandths: int, country: str) -> str:
    """Format a quantity for a field: "28", "1.5"."""
    value = Decimal(thousandths).scaleb(-3)
    return str(format_decimal(value, "0.###", locale=get_locale(get_language() or "en", country)))


def plain_percent(ppm: int, country: str) -> str:
    """Format parts per million as a percentage for a field: "7.5"."""
    value = Decimal(ppm).scaleb(-4)
    return str(format_decimal(value, "0.####", locale=get_locale(get_language() or "en", country)))


def short_percent(ppm: int, country: str) -> str:
    """Format a share with one decimal: "33.2 %"."""
    value = Decimal(ppm).scaleb(-4)
    return f"{format_decimal(value, '0.#', locale=get_locale(get_language() or 'en', country))} %"
