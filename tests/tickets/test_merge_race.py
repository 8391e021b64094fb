"""A merge while a reply arrives, each with a connection of its own: the reply is on the survivor."""

from collections.abc import Iterator

import pytest
from django.db import connection

from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, load_cast
from tests.tickets.messages import message
from tests.together import together
from tickets.matching.placement import place_messages
from tickets.merging.merge import merge as merge_tickets
from tickets.models import Entry, Ticket


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    """The cast, committed: other connections see it."""
    yield load_cast()
    connection.close()


def test_a_reply_during_a_merge_lands_on_the_survivor(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        ticket, other = (Ticket.begin(brand=Brand.objects.get(), by=None) for _ in range(2))
        asked, reply = message("out", author=house.rita), message("in", text="Yes")
        Entry.objects.add_message(ticket, asked, matched_by="written")

    def merge() -> None:
        with use_tenant(house.tenant):
            merge_tickets(Ticket.objects.get(pk=ticket.pk), Ticket.objects.get(pk=other.pk), by=house.rita)

    def answer() -> None:
        with use_tenant(house.tenant):
            place_messages(reply, asked, "reply_token")

    together(merge, answer)
    with use_tenant(house.tenant):
        other.refresh_from_db()
        assert {entry.message_id for entry in other.entries.all()} == {asked.pk, reply.pk}
        assert other.last_message_text == "Yes"
        assert other.waiting_since is not None
