"""The house of the cast as the tests of quotes use it, inside its tenant; and a quote with two options."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from quotes.models import Quote
from tests.cast import Cast, House
from tests.quotes.offers import write_quote

# Monday morning in New York.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def monday() -> Iterator[datetime]:
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def quote(house: House, monday: datetime) -> Quote:
    """A draft of Rita's: Good $1,000 and Better $1,500, and $200 of gutters that Cora may take off."""
    return write_quote(house)


@pytest.fixture
def sent(quote: Quote, house: House) -> Quote:
    quote.send(by=house.rita)
    return quote
