"""A house with a mailbox and a number, where mails and texts arrive and are put on their tickets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from comms.channels.interface import ReceivedText
from comms.inbound import inbound_storage
from comms.inbound.inbound_result import InboundResult
from comms.inbound.mail.receive_mail import receive_mail
from comms.inbound.messaging.texts import receive_text
from comms.models import Channel, Inbound, Message
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.comms.inbound.mails import SUPPORT, raw_mail
from tickets.matching.subscribers import place_received, place_sent
from tickets.models import Entry, Ticket

CORA = "cora@suncoast-test-mail.example"


@dataclass
class Office:
    """What arrives at the house, and what it writes. Inside the tenant."""

    house: House
    mailbox: Channel
    number: Channel

    def mail(self, text: str = "It leaks", *, to_box: str = SUPPORT, **headers: Any) -> Entry | None:
        """Have a mail arrive, and return its entry."""
        return self._placed(self.read(text, to_box=to_box, **headers))

    def read(self, text: str = "It leaks", *, to_box: str = SUPPORT, **headers: Any) -> InboundResult:
        raw = raw_mail(text, **{"Message_ID": f"<in{Message.objects.count()}@home.example>"} | headers)
        return receive_mail(raw, self._stored(raw), recipients=(to_box,))

    def text(self, text: str = "It leaks", **more: Any) -> Entry | None:
        """Have a text arrive from Cora's number, and return its entry."""
        return self._placed(self.arrive(text, **more))

    def arrive(self, text: str, **more: Any) -> InboundResult:
        """Have a text arrive that nobody has placed yet."""
        told = {"sender": "(813) 555-0142", "to": self.number.address, "provider_id": f"t{Message.objects.count()}"}
        received = ReceivedText("sms", text=text, **told | more)
        inbound = self._stored(f"{received}".encode())
        inbound.channel = self.number
        return receive_text(received, inbound)

    def write(self, **more: Any) -> Message:
        """Write to Cora from elsewhere than a ticket; a mail by Rita unless told otherwise."""
        told = {"channel": self.mailbox, "address": CORA, "by": self.house.rita, "person": self.house.cora}
        message: Message = Message.queue(**told | {"subject": "Your roof", "text": "We come on Monday."} | more)
        place_sent(self.events("message.queued"))
        return message

    def open(self, address: str, **more: Any) -> Channel:
        """Open another mailbox."""
        usual = {"by": None, "brand": self.mailbox.brand, "role": "support", "provider": "embedded", "medium": "email"}
        return Channel.create(address=address, **usual | more)

    def events(self, kind: str) -> list[Event]:
        return list(Event.objects.filter(kind=kind).order_by("pk"))

    def _placed(self, read: InboundResult) -> Entry | None:
        place_received(self.events("message.received"))
        found: Entry | None = Entry.objects.select_related("ticket").filter(message=read.message).first()
        return found

    def _stored(self, raw: bytes) -> Inbound:
        return inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")[0]


@pytest.fixture
def office(cast: Cast) -> Iterator[Office]:
    with use_tenant(cast.house.tenant):
        usual = {"by": None, "brand": directory().default_brand, "role": "support", "provider": "embedded"}
        mailbox = Channel.create(medium="email", address=SUPPORT, **usual)
        number = Channel.create(medium="sms", address="+18135550100", **usual)
        yield Office(cast.house, mailbox, number)


@pytest.fixture
def begun(office: Office) -> Ticket:
    """The ticket of Cora's first mail, "My roof", which Rita answered."""
    entry = office.mail(Message_ID="<first@home.example>")
    assert entry
    return entry.ticket
