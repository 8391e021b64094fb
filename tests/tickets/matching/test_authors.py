"""Mails that a form or group sent are their authors': two visitors are two people, and a claim opens no thread."""

import pytest

from comms.models import Message
from tests.tickets.matching.conftest import CORA, Office
from tickets.models import Ticket

FORM = "Website <noreply@site.example>"


def test_two_visitors_of_a_form_are_two_people_with_a_conversation_each(office: Office) -> None:
    entries = [office.mail(sender=FORM, Reply_To=f"{name}@home.example") for name in ("dana", "omar")]
    dana, omar = (entry.ticket for entry in entries if entry)
    assert (dana != omar, dana.person != omar.person) == (True, True)
    assert [one.address for one in dana.participants.all()] == ["dana@home.example"]


def test_a_customers_address_in_a_form_is_believed_of_no_thread(office: Office, begun: Ticket) -> None:
    """Whoever fills in a form may give any address: theirs is a conversation of its own, which says who sent it."""
    entry = office.mail(
        sender=FORM, Reply_To=f"Cora <{CORA}>", In_Reply_To="<first@home.example>", Subject=f"My roof [#{begun.number}]"
    )
    assert entry
    assert entry.ticket != begun
    message = Message.objects.get(pk=entry.message_id)
    assert (message.person, message.sender_check.sent_by) == (office.house.cora, "noreply@site.example")


@pytest.mark.parametrize("address", ["{colleague}", "support@suncoast.example"])
def test_an_address_of_ours_in_a_form_makes_nobody_a_colleague(office: Office, address: str) -> None:
    entry = office.mail(sender=FORM, Reply_To=address.format(colleague=office.house.rita.user.email))
    message = Message.objects.order_by("pk").last()
    assert message
    assert (message.author, message.person, bool(entry)) == (None, None, bool(entry))
    assert message.direction == "in"
