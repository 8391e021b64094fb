"""What is automatic, came back or came twice is listed with its reason, and becomes a conversation with one click."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from comms.models import Channel, Message
from comms.models.channel import sharing_changed
from comms.stored_words import stored_gettext
from crm.platform.models import Event, Member
from tests.comms.inbound.mails import SUPPORT
from tests.tickets.matching.conftest import Office
from tickets.models import Entry, Ticket
from tickets.set_aside.conversation import make_conversation
from tickets.set_aside.set_aside_list import SET_ASIDE_LIST

AWAY = {"Subject": "Automatic reply: Your roof", "Auto_Submitted": "auto-replied"}
pytestmark = pytest.mark.django_db


def listed(member: Member, **filters: str) -> list[str]:
    rows = SET_ASIDE_LIST.apply(SET_ASIDE_LIST.filters(**filters), member).order_by("pk")
    return list(rows.values_list("automatic", flat=True))


def page(office: Office, member: Member, path: str = "", data: Any = None) -> Any:
    client, url = Client(), f"/{office.house.tenant.slug}/tickets/set-aside/{path}"
    client.force_login(member.user)
    return client.get(url) if data is None else client.post(url, data)


def test_each_kind_that_becomes_no_conversation_is_listed(office: Office) -> None:
    office.mail("I am out of the office until Monday.", **AWAY)
    office.mail("Hello all", List_Id="<talk.lists.example>", Precedence="list")
    office.mail("Hello", X_Loop=SUPPORT)
    office.mail("It leaks", Message_ID="<x@home.example>")
    office.mail("It  leaks", Message_ID="<x@home.example>")
    assert listed(office.house.rita) == ["auto_reply", "list", "loop", "duplicate"]
    assert listed(office.house.rita, reason="loop") == ["loop"]
    assert listed(office.house.rita, q="office") == ["auto_reply"]


def test_an_absence_that_answers_us_stands_on_its_conversation_alone(office: Office) -> None:
    sent = office.write()
    office.mail("I am out of the office until Monday.", In_Reply_To=sent.message_id, **AWAY)
    assert listed(office.house.rita) == []


def test_the_page_says_why(office: Office) -> None:
    office.mail("Hello", X_Loop=SUPPORT)
    text = page(office, office.house.rita).content.decode()
    assert "Our own email, returned" in text
    assert "Move to the inbox" in text


def test_the_page_says_why_in_the_language_of_whoever_reads_it(office: Office) -> None:
    office.mail("Hello", X_Loop=SUPPORT)
    inbound, loop = Message.objects.get().inbound, "We have received it before: it contains our own mark."
    with translation.override("nl"):
        inbound.settle("read", "loop", stored_gettext(loop))
    inbound.save()
    shown = page(office, office.house.rita).content.decode()
    assert (loop in shown, inbound.reason in shown, loop == inbound.reason) == (True, False, False)


def test_one_becomes_a_conversation_of_whoever_wrote_it(office: Office) -> None:
    office.mail("Who knows slate?", sender="Sam <sam@new.example>", List_Id="<t.lists.example>", Precedence="list")
    message = Message.objects.get()
    response = page(office, office.house.rita, f"{message.uid}/converse/", {})
    ticket = Ticket.objects.get()
    assert (response.url, ticket.person.name) == (f"/{office.house.tenant.slug}/tickets/{ticket.number}/", "Sam")
    assert ticket.waiting_since
    assert listed(office.house.rita) == []
    event = Event.objects.get(kind="ticket.accepted")
    assert (event.subject_id, event.actor_id, event.data["was"]) == (ticket.pk, office.house.rita.pk, "list")


def test_a_second_click_finds_the_same_conversation(office: Office) -> None:
    office.mail("Hello", X_Loop=SUPPORT)
    message = Message.objects.get()
    tickets = [make_conversation(message, by=office.house.rita) for _click in range(2)]
    assert tickets[0] == tickets[1]
    assert (Entry.objects.count(), Event.objects.filter(kind="ticket.accepted").count()) == (1, 1)


@pytest.mark.parametrize(("sharing", "kinds", "status"), [("private", [], 404), ("subject", ["loop"], 404)])
def test_a_colleagues_own_mailbox_shows_what_it_shares(
    office: Office, sharing: str, kinds: list[str], status: int
) -> None:
    office.mail("Secret", X_Loop=SUPPORT)
    Channel.objects.filter(pk=office.mailbox.pk).update(role="personal", owner=office.house.rita, sharing=sharing)
    sharing_changed.send(Channel, channel=Channel.objects.get(pk=office.mailbox.pk))
    mona, message = office.house.mona, Message.objects.get()
    assert (listed(mona), listed(office.house.rita)) == (kinds, ["loop"])
    assert page(office, mona, f"{message.uid}/converse/", {}).status_code == status
    assert "Secret" not in page(office, mona).content.decode()


def test_what_is_on_a_conversation_is_nobodys_to_set_free_again(office: Office) -> None:
    entry = office.mail("It leaks")
    assert entry
    assert entry.message
    page(office, office.house.rita, f"{entry.message.uid}/converse/", {})
    assert Event.objects.filter(kind__endswith=".accepted").count() == 0
