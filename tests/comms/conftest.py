"""What all tests of messages begin with."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def peers_on_loopback(settings: Any) -> None:
    """Mail servers on loopback may be reached, as an operator names hosts of a network of their own."""
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
