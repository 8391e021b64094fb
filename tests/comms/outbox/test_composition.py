"""A message as its provider is to send it."""

from typing import Any

import pytest

from comms.models import Channel, Message
from comms.outbox.composition import outgoing
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


@pytest.mark.parametrize(
    ("provider", "tls", "reports"), [("twilio", True, True), ("twilio", False, False), ("smtp", True, False)]
)
def test_a_provider_is_told_where_to_report(cast: Cast, settings: Any, provider: str, tls: bool, reports: bool) -> None:
    settings.TLS = tls
    medium, address = ("sms", "+18135550100") if provider == "twilio" else ("email", "sales@suncoast.example")
    with use_tenant(cast.house.tenant):
        channel = Channel.create(
            by=None, brand=cast.house.job.brand, medium=medium, role="sales", provider=provider, address=address
        )
        message = Message.queue(channel=channel, address="+18135550142", by=cast.house.rita, text="Hi", subject="Hi")
        assert (f"/hooks/{provider}/" in outgoing(message, channel).callback_url) is reports
