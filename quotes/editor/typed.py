"""Parse and format amounts in the currency of a quote."""

from decimal import Decimal

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from quotes.models.quote_record import QuoteRecord
from quotes.typed_numbers import format_number


def parse_amount(text: str, quote: QuoteRecord) -> int:
    """Parse an amount in the currency of a quote into minor units. Raises Refused, also for another currency."""
    country = directory().brands[quote.brand_id].country
    minor, currency = parse_money(text, NotationHabits.of(country, quote.currency, quote.zone))
    if currency != quote.currency:
        raise Refused(_("The quote is in %(currency)s.") % {"currency": quote.currency})
    return minor


def parse_brand_amount(text: str, brand: Brand) -> int:
    """Parse an amount in the currency of a brand into minor units. Raises Refused, also for another currency."""
    habits = NotationHabits.of(brand.country, brand.currency, directory().zone)
    minor, currency = parse_money(text, habits)
    if currency != brand.currency:
        raise Refused(_("%(brand)s has prices in %(currency)s.") % {"brand": brand.name, "currency": brand.currency})
    return minor


def plain_amount(minor: int, currency: str, country: str) -> str:
    """Format an amount for a field, without its currency: "95", "95.50"."""
    digits = get_currency_precision(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "0"
    if minor % 10**digits:
        pattern = "0." + "0" * digits
    return format_number(value, pattern, country)


def grouped_amount(minor: int, currency: str, country: str) -> str:
    """Format an amount for a column that names no currency: "8,736", "8,736.50"."""
    digits = get_currency_precision(currency)
    value = Decimal(minor).scaleb(-digits)
    pattern = "#,##0"
    if minor % 10**digits:
        pattern = "#,##0." + "0" * digits
    return format_number(value, pattern, country)
