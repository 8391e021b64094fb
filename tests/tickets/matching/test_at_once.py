"""Messages at once, a merge meanwhile, a worker that dies: nothing lost or doubled; and long threads stay cheap."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.models import Channel, Message
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, load_house
from tests.tickets.matching.conftest import Office
from tests.together import together
from tickets.matching import subscribers
from tickets.matching.subscribers import place_received
from tickets.merging.merge import merge
from tickets.models import Entry, Ticket


def test_messages_at_once_and_a_merge_meanwhile(transactional_db: None) -> None:
    house = load_house(HOUSE)
    with use_tenant(house.tenant):
        usual: dict[str, Any] = {"by": None, "brand": directory().default_brand, "provider": "embedded"}
        mailbox = Channel.create(medium="email", role="support", address="support@suncoast.example", **usual)
        number = Channel.create(medium="sms", role="support", address="+18135550100", **usual)
        office = Office(house, mailbox, number)
        for _two in range(2):
            office.arrive("It leaks")
        first, second = office.events("message.received")

    def placed(event: Event) -> None:
        with use_tenant(house.tenant):
            place_received([event])

    together(lambda: placed(first), lambda: placed(second))
    with use_tenant(house.tenant):
        ticket = Ticket.objects.get()
        assert (ticket.unread_count, Entry.objects.count()) == (2, 2)
        other = Ticket.begin(brand=ticket.brand, person=house.cora, by=None)
        office.arrive("And again")
        third = office.events("message.received")[-1]

    def merged() -> None:
        with use_tenant(house.tenant):
            merge(ticket, other, by=house.mona)

    together(merged, lambda: placed(third), lambda: placed(third))
    with use_tenant(house.tenant):
        other.refresh_from_db()
        assert (other.unread_count, other.entries.count(), ticket.entries.count()) == (3, 3, 0)


def test_what_a_worker_did_not_finish_is_done_again_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.read()
    events = office.events("message.received")
    with monkeypatch.context() as broken:
        broken.setattr(subscribers, "give_out", lambda entries: 1 / 0)
        with pytest.raises(ZeroDivisionError), use_tenant(office.house.tenant):
            place_received(events)
    assert not Ticket.objects.exists()
    for _again in range(2):
        place_received(events)
    assert (Ticket.objects.get().unread_count, Entry.objects.count()) == (1, 1)


def test_a_reply_costs_no_more_on_a_long_thread(office: Office, begun: Ticket) -> None:
    sent = office.write()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert office.mail(Subject="Re: Your roof", In_Reply_To=sent.message_id)
        return len(asked)

    office.mail(Subject="Re: Your roof", In_Reply_To=sent.message_id)
    few = cost()
    copies = Message.objects.bulk_create(
        Message(brand=begun.brand, medium="email", direction="in", state="received", text="More") for _ in range(300)
    )
    Entry.objects.bulk_create(Entry(ticket=begun, kind="message", message=each) for each in copies)
    assert cost() == few
