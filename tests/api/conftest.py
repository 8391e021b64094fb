"""What tests of the API ask for."""

import pytest

from tests.api.client import ApiClient, api_client
from tests.cast import Cast


@pytest.fixture
def ada(cast: Cast) -> ApiClient:
    """The API as an admin's token sees it."""
    return api_client(cast.house.tenant, cast.house.ada)


@pytest.fixture
def rita(cast: Cast) -> ApiClient:
    """The API as a rep's token sees it."""
    return api_client(cast.house.tenant, cast.house.rita)
