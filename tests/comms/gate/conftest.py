"""Brand, channels and messages that the tests of the gate play with. Inside the house's tenant."""

from collections.abc import Iterator
from typing import Any

import pytest

from comms.models import Channel, Message
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House

SENDER = "+18135550100"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house, with its tenant in use."""
    with use_tenant(cast.house.tenant):
        yield cast.house


def channel(medium: str = "sms", **fields: Any) -> Channel:
    """A channel of the default brand."""
    given = {"email": "office@suncoast.example"}.get(medium, SENDER)
    made: Channel = Channel.objects.create(
        **{
            "brand": Brand.objects.get(is_default=True),
            "medium": medium,
            "role": "support",
            "provider": "twilio",
            "address": given,
            "registration": "approved" if medium == "sms" else "not_needed",
        }
        | fields
    )
    return made


def message(house: House, by: Channel, **fields: Any) -> Message:
    """A message of Rita's to Cora about her lead, waiting to be sent."""
    address = "cora@suncoast-test-mail.example" if by.medium == "email" else "+18135550142"
    made: Message = Message.objects.create(
        **{
            "brand": by.brand,
            "channel": by,
            "medium": by.medium,
            "direction": "out",
            "person": house.cora,
            "job": house.job,
            "author": house.rita,
            "address": address,
            "text": "We come at nine.",
            "state": "queued",
        }
        | fields
    )
    return made
