"""Parse and format typed quantities and percentages, by the conventions of a country."""

import re
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.amounts import MILLION
from crm.kernel.formats import get_locale
from crm.kernel.refusal import Refused

# In thousandths: a million.
MOST_QUANTITY = 10**9
# Where a comma stands before thousands, not before decimals.
_POINT_COUNTRIES = frozenset({"US", "GB", "CA", "AU", "NZ", "IE", "SG", "HK", "IN", "JP", "MX", "PH"})
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?")


def parse_decimal(text: str, country: str, sentence: str) -> Decimal:
    """Parse a number with at most one mark. Raises Refused with the sentence.

    The country tells what the mark in "1,200" is. What begins with a zero is no thousand: "0.125" is an eighth.
    """
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise Refused(sentence)
    thousands = "," if country in _POINT_COUNTRIES else "."
    whole, mark, rest = text.partition(thousands)
    if mark and len(rest) == 3 and whole[0] != "0":
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


def format_number(value: Decimal, pattern: str, country: str) -> str:
    """Format a number by a pattern of CLDR: "0.###"."""
    return str(format_decimal(value, pattern, locale=get_locale(get_language() or "en", country)))


def plain_quantity(thousandths: int, country: str) -> str:
    """Format a quantity for a field: "28", "1.5"."""
    return format_number(Decimal(thousandths).scaleb(-3), "0.###", country)


def plain_percent(ppm: int, country: str) -> str:
    """Format parts per million as a percentage for a field: "7.5"."""
    return format_number(Decimal(ppm).scaleb(-4), "0.####", country)


def exact_percent(ppm: int, country: str) -> str:
    """Format a rate or an agreed share with all its decimals: "8.875%"."""
    return f"{plain_percent(ppm, country)}%"


def short_percent(ppm: int, country: str) -> str:
    """Format a computed share with one decimal: "33.2%"."""
    return f"{format_number(Decimal(ppm).scaleb(-4), '0.#', country)}%"
