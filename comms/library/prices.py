"""The cost of a text message: a price per segment and country, entered for a channel.

Kept in the channel's settings as {"US": "0.79"}: minor units of the brand's currency and their fractions, for a part to
the United States costs less than a cent. Nobody's list is built in: prices differ by contract and change.
"""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import phonenumbers
from django.utils.translation import gettext as _

from comms.models import Channel, Medium
from comms.rendering.segments import Segments, cost
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from crm.platform.organization.configuration import cached_per_tenant

KEY = "segment_prices"
MOST = 60
HIGHEST = Decimal(1000)


class Price(NamedTuple):
    """The price of one segment, in fractional minor units, with its currency."""

    minor: Decimal
    currency: str


@cached_per_tenant
def _all_prices() -> dict[int, dict[str, Decimal]]:
    channels = Channel.objects.in_use().filter(medium=Medium.SMS).order_by("pk")
    prices: dict[int, dict[str, Decimal]] = {}
    for channel in channels:
        table = {country: Decimal(price) for country, price in channel.settings.get(KEY, {}).items()}
        prices.setdefault(channel.brand_id, {}).update(table)
    return prices


def price_of(brand: Brand, number: str) -> Price | None:
    """Return the price of a segment to a number, by default the brand's country; None if not entered."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number, brand.country)) or brand.country
    except phonenumbers.NumberParseException:
        country = brand.country
    minor = _all_prices().get(brand.pk, {}).get(country)
    if minor is not None:
        return Price(minor, brand.currency)
    return None


def cost_in_words(segments: Segments, brand: Brand, address: str) -> str:
    """Return the cost of a text to a number in words; blank if no price is entered."""
    price = price_of(brand, address)
    if price:
        return formats.money(cost(segments.parts, price.minor), price.currency, brand.country)
    return ""


def read_prices(text: str) -> dict[str, str]:
    """Parse lines such as "US 0.79". Raises Refused with an invalid line."""
    prices: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text[:4000].splitlines())):
        country, _blank, price = line.partition(" ")
        country = country.upper().rstrip(":")
        try:
            minor = Decimal(price.strip().replace(",", "."))
        except InvalidOperation:
            minor = Decimal(-1)
        if country not in phonenumbers.SUPPORTED_REGIONS or not 0 <= minor <= HIGHEST or len(prices) >= MOST:
            raise Refused(_("“%(line)s” is not a price. Example: US 0.79") % {"line": line})
        prices[country] = str(minor.normalize())
    return prices


def prices_text(channel: Channel) -> str:
    """Format a channel's prices as `read_prices` parses them."""
    return "\n".join(f"{country} {price}" for country, price in sorted(channel.settings.get(KEY, {}).items()))
