"""The house of the cast as the tests of quotes use it, inside its tenant."""

from collections.abc import Iterator

import pytest

from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house
