"""A tracking number of a campaign, and calls to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from comms.channels.interface import ReceivedCall
from comms.inbound import inbound_storage
from comms.inbound.messaging.calls import receive_call
from comms.models import Channel, Inbound, Message
from crm.jobs.models import Source
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, TrackedCall, TrackingNumber
from tests.cast import Cast

NUMBER = "+18135550199"
STRANGER = "+18135550177"
CORA = "+18135550142"
Calls = Callable[..., TrackedCall]


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        yield


def phone_channel(address: str) -> Channel:
    brand = directory().default_brand
    fields: dict[str, Any] = {"brand": brand, "medium": "call", "role": "sales", "provider": "twilio"}
    return Channel.create(by=None, address=address, **fields)


@pytest.fixture
def number(inside: None) -> TrackingNumber:
    google = Source.add("Google Ads", by=None)
    spring = Campaign.add("Spring", source=google, by=None)
    return TrackingNumber.add(phone_channel(NUMBER), source=google, campaign=spring, by=None)


@pytest.fixture
def called(number: TrackingNumber) -> Calls:
    """Receive a call of some seconds to the number, or from it; returns how it was judged."""

    def call(caller: str = STRANGER, seconds: int = 120, *, ours: bool = False, again: str = "") -> TrackedCall:
        provider_id = again or f"CA{Inbound.objects.count()}"
        ends = (NUMBER, caller) if ours else (caller, NUMBER)
        received = ReceivedCall(
            *ends, provider_id, is_outgoing=ours, is_answered=seconds > 0, duration=seconds, is_over=True
        )
        body = f"{Inbound.objects.count()}".encode()
        kept = inbound_storage.keep(
            body, kind=Inbound.Kind.WEBHOOK, channel=number.channel, provider=number.channel.provider
        )[0]
        message = receive_call(received, kept).message
        assert isinstance(message, Message)
        return TrackedCall.objects.get(message=message)

    return call
