"""A house that writes: channels of a provider that answers what the test wants, and what it was given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from comms.channels import registry
from comms.channels.interface import Outgoing, Provider, Receipt
from comms.gate.verdict import GateVerdict
from comms.models import Channel, Medium, Message
from comms.outbox import send
from crm.people.models import ContactPoint
from crm.platform.models import Brand, Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from tests.cast import Cast


@dataclass
class Carrier(Provider):
    """Takes a message, or raises what `answers` has in turn."""

    key = "carrier"
    name = "Carrier"
    media = frozenset(Medium)
    sent: list[Outgoing] = field(default_factory=list)
    answers: list[BaseException | Receipt] = field(default_factory=list)

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        answer = self.answers.pop(0) if self.answers else Receipt(f"id-{len(self.sent)}")
        self.sent.append(message)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def test(self, channel: Channel) -> str:
        return "fine"


@dataclass
class Desk:
    """What the tests write with. Inside the tenant."""

    cast: Cast
    carrier: Carrier
    mail: Channel
    sms: Channel
    points: dict[str, ContactPoint]

    def write(self, channel: Channel | None = None, **fields: Any) -> Message:
        """Queue a message to Cora; a mail unless another channel is named."""
        channel = channel or self.mail
        point = self.points["email" if channel.medium == "email" else "phone"]
        given: dict[str, Any] = {
            "address": point.value,
            "contact_point": point,
            "person": self.cast.house.cora,
            "job": self.cast.house.job,
            "subject": "Your roof",
            "text": "Hello",
        }
        return Message.queue(channel=channel, **given | fields)

    def run(self) -> int:
        return due_io.run_io()

    def state(self, message: Message) -> str:
        message.refresh_from_db()
        return str(message.state)


@pytest.fixture
def desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    carrier = Carrier()
    monkeypatch.setattr(registry, "_all_providers", lambda: {"carrier": carrier})
    # The gate has tests of its own; those here that are about it put it back.
    monkeypatch.setattr(send, "decide", lambda message: GateVerdict("send"))
    with use_tenant(cast.house.tenant):
        Due.objects.all().delete()
        brand = Brand.objects.get()
        mail = Channel.create(
            by=None, brand=brand, medium="email", role="support", provider="carrier", address="hello@suncoast.example"
        )
        sms = Channel.create(
            by=None, brand=brand, medium="sms", role="support", provider="carrier", address="+18135550100"
        )
        points = {point.kind: point for point in ContactPoint.objects.filter(person=cast.house.cora)}
        yield Desk(cast, carrier, mail, sms, points)
