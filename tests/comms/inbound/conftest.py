"""A channel of the house whose provider is a sample: signed by a header, JSON inside."""

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.test import Client

from comms.channels import registry
from comms.channels.interface import Provider, RawRequest, Received, ReceivedMail, ReceivedText, UnreadableRequest
from comms.channels.webhook_address import token_of
from comms.models import Channel, Medium
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


class Sample(Provider):
    """A provider whose requests are JSON: {"mail": …} or {"text": …, "from": …, "id": …}, or something broken."""

    key, name, media, has_webhook, sends_all = "sample", "Sample", frozenset(Medium), True, True

    def send(self, channel: Channel, message: Any) -> Any:
        raise NotImplementedError

    def test(self, channel: Channel) -> str:
        return "It works."

    def challenge(self, channel: Channel, request: RawRequest) -> str | None:
        return request.query.removeprefix("challenge=") or None

    def verify(self, channel: Channel, request: RawRequest) -> bool:
        return hmac.compare_digest(request.headers.get("X-Sample-Signature", ""), channel.secrets["key"])

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        try:
            told = json.loads(request.body)
        except ValueError:
            raise UnreadableRequest("It is not valid JSON.") from None
        if "mail" in told:
            return [ReceivedMail(told["mail"].encode("utf-8", "surrogateescape"), tuple(told.get("to", ())))]
        return [ReceivedText("sms", told["from"], channel.address, told["text"], told["id"])]


@pytest.fixture
def sample() -> Iterator[None]:
    registry.register(Sample)
    yield
    registry._providers.pop("sample")


Opened = Callable[..., Channel]


@pytest.fixture
def opened(cast: Cast, sample: None) -> Opened:
    """Open a channel in the house; inside the tenant or outside."""

    def open_channel(address: str = "support@suncoast.example", medium: str = "email", **fields: Any) -> Channel:
        with use_tenant(cast.house.tenant):
            usual = {"role": "support", "provider": "sample", "secrets": {"key": "sign"}}
            return Channel.create(
                by=None, brand=directory().default_brand, medium=medium, address=address, **(usual | fields)
            )

    return open_channel


def hook(channel: Channel) -> str:
    return f"/hooks/{channel.provider}/{token_of(channel)}/"


def deliver(channel: Channel, told: Any, *, signature: str = "sign", **more: Any) -> Any:
    """Deliver to a channel's webhook as its provider would."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Client().post(
        hook(channel), body, content_type="application/json", headers={"X-Sample-Signature": signature}, **more
    )
