"""What tests of tickets share: the house in use, a ticket, and messages on it."""

from collections.abc import Iterator

import pytest

from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tickets.models import Ticket


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def ticket(house: House) -> Ticket:
    return Ticket.begin(brand=Brand.objects.get(), subject=" Leak   at the chimney ", medium="email", by=None)
