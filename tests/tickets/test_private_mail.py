"""Mail to a member's own mailbox that shares nothing: their conversation alone, until they share it, or have left."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comms.inbound.mail.receive_mail import receive_mail
from comms.message_sharing import sharing_for
from comms.models import Channel, Inbound, Message
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.events.events import dispatch_events
from crm.platform.models import Brand, Event
from crm.platform.organization import member_departure
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import Notice
from tests.cast import Cast, House
from tests.comms.inbound.mails import CORA, raw_mail
from tickets.assignment import create_rule
from tickets.models import Entry, Ticket
from tickets.privacy.sharing import share_conversation, take_over

OWN, HELLO = "rita@own.example", "hello@suncoast.example"
STRANGER = "Xylo Quince <xylo@elsewhere.example>"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house, in use, with a mailbox of the brand and one of Rita's own that shares nothing."""
    with use_tenant(cast.house.tenant):
        brand = Brand.objects.get()
        Channel.create(by=None, brand=brand, medium="email", provider="embedded", address=HELLO, role="support")
        Channel.create(
            by=None, brand=brand, medium="email", provider="embedded", address=OWN, role="personal",
            owner=cast.house.rita,
        )  # fmt: skip
        yield cast.house


def arrive(to: str, **mail: Any) -> Message:
    """A mail that arrives, is read, and put on its ticket."""
    raw = raw_mail(to=to, **mail)
    channel = Channel.objects.get(address=to)
    inbound = Inbound.objects.create(kind="mail", channel=channel, body=raw, digest=hashlib.sha256(raw).hexdigest())
    message = receive_mail(raw, inbound, recipients=[to]).message
    assert message is not None
    dispatch()
    message.refresh_from_db()
    return message


def dispatch() -> None:
    for _round in range(2):
        dispatch_events()
        due.run_due_work()


def ticket_of(message: Message) -> Ticket:
    ticket: Ticket = Entry.objects.get(message=message).ticket
    return ticket


def seen_by(house: House, ticket: Ticket) -> set[str]:
    names = ("rita", "mona", "ada", "sam")
    return {name for name in names if Ticket.objects.visible_to(getattr(house, name)).filter(pk=ticket.pk).exists()}


def test_it_is_its_owners_alone(house: House) -> None:
    ticket = ticket_of(arrive(OWN))
    assert seen_by(house, ticket) == {"rita"}
    assert (ticket.member, ticket.team, ticket.job) == (house.rita, None, None)
    assert set(Notice.objects.values_list("member_id", flat=True)) <= {house.rita.pk}
    assert ticket_of(arrive(HELLO, Message_ID="<b@home.example>")).sole_reader is None


def test_who_writes_to_one_member_alone_becomes_no_customer(house: House) -> None:
    before = Person.objects.count()
    ticket = ticket_of(arrive(OWN, sender=STRANGER))
    assert (ticket.person, ticket.customer_name, Person.objects.count()) == (None, "Xylo Quince", before)


def test_an_answer_leaves_by_the_owners_mailbox_and_is_private_too(house: House) -> None:
    address = ContactPoint.objects.get(person=house.cora, kind="email").value
    ticket = ticket_of(arrive(OWN, sender=f"Cora <{address}>"))
    client = Client()
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/tickets/{ticket.number}/reply/"
    client.post(url, {"medium": "email", "to": address, "subject": "Roof", "text": "Between us"})
    answer = Message.objects.get(direction="out")
    assert (answer.channel.address, answer.sole_reader) == (OWN, house.rita)


def test_it_is_given_to_nobody_and_stands_on_no_lead(house: House) -> None:
    ticket = ticket_of(arrive(OWN))
    for change in (
        lambda: ticket.assign_to(house.mona, by=house.rita),
        lambda: ticket.attach(house.job, by=house.rita),
    ):
        with pytest.raises(Refused, match="private"):
            change()


def test_an_answer_to_a_shared_conversation_leaves_no_trace_on_it(house: House) -> None:
    shared = ticket_of(arrive(HELLO))
    before = Ticket.objects.values().get(pk=shared.pk)
    private = arrive(OWN, Message_ID="<b@home.example>", In_Reply_To="<a1@home.example>", Subject="Re: My roof")
    assert ticket_of(private) != shared
    assert Ticket.objects.values().get(pk=shared.pk) == before


def send_privately(house: House, to: str) -> Message:
    """Have Rita answer the first mail from her own mailbox, found among its sent mail."""
    headers = {"Message_ID": "<s@own.example>", "In_Reply_To": "<a1@home.example>", "Subject": "Re: My roof"}
    raw = raw_mail("Between us", sender=OWN, to=to, **headers)
    channel = Channel.objects.get(address=OWN)
    inbound = Inbound.objects.create(kind="mail", channel=channel, body=raw, digest=hashlib.sha256(raw).hexdigest())
    message = receive_mail(raw, inbound, is_sent=True).message
    assert message is not None
    dispatch()
    return message


@pytest.mark.parametrize(("to", "is_answered"), [(CORA, True), ("The roofer <else@where.example>", False)])
def test_our_private_answer_stops_the_clock_of_a_shared_conversation(house: House, to: str, is_answered: bool) -> None:
    shared = ticket_of(arrive(HELLO))
    message = send_privately(house, to)
    shared.refresh_from_db()
    assert (shared.waiting_since is None, shared.last_message_direction) == (is_answered, "in")
    assert (message.sole_reader, ticket_of(message) == shared) == (house.rita, False)
    noted = Event.objects.of(shared).filter(kind="ticket.answered_privately")
    assert list(noted.values_list("actor_id", "data")) == [(house.rita.pk, {})] * is_answered


def test_an_answer_to_private_mail_that_comes_to_everybody_is_everybodys(house: House) -> None:
    private = ticket_of(arrive(OWN))
    answer = arrive(HELLO, Message_ID="<b@home.example>", In_Reply_To="<a1@home.example>", Subject="Re: My roof")
    assert ticket_of(answer) != private
    assert seen_by(house, ticket_of(answer)) == {"rita", "mona", "ada", "sam"}


def test_its_owner_shares_a_conversation_and_what_comes_later(house: House) -> None:
    message = arrive(OWN, sender=STRANGER)
    ticket = ticket_of(message)
    with pytest.raises(Refused):
        share_conversation(ticket, by=house.ada)
    share_conversation(ticket, by=house.rita)
    message.refresh_from_db()
    assert "ada" in seen_by(house, ticket)
    assert sharing_for(message, house.ada) == "full"
    assert message.person is not None
    assert Event.objects.of(ticket).filter(kind="ticket.shared", actor_id=house.rita.pk).count() == 1
    later = arrive(OWN, sender=STRANGER, Message_ID="<b@home.example>", In_Reply_To="<a1@home.example>")
    assert (ticket_of(later), later.sole_reader) == (ticket, None)
    assert arrive(OWN, Message_ID="<c@home.example>").sole_reader == house.rita, "other mail stays private"


@pytest.mark.parametrize(("sharing", "subject", "words"), [("metadata", "", ""), ("subject", "My roof", "My roof")])
def test_a_row_says_no_more_than_is_shared(house: House, sharing: str, subject: str, words: str) -> None:
    Channel.objects.get(address=OWN).share(sharing, by=house.rita)
    ticket = ticket_of(arrive(OWN))
    assert (ticket.subject, ticket.last_message_text) == (subject, words)
    assert "ada" in seen_by(house, ticket)


def test_what_a_mailbox_shares_holds_for_the_mail_that_is_there(house: House) -> None:
    ticket, mailbox = ticket_of(arrive(OWN)), Channel.objects.get(address=OWN)
    mailbox.share("full", by=house.rita)
    assert "ada" in seen_by(house, ticket)
    mailbox.share("private", by=house.rita)
    assert seen_by(house, ticket) == {"rita"}


def test_what_a_departed_members_mailbox_gets_is_everybodys(house: House) -> None:
    private = ticket_of(arrive(OWN))
    create_rule()
    house.rita.deactivate(by=house.ada)
    later = ticket_of(arrive(OWN, Message_ID="<b@home.example>", In_Reply_To="<a1@home.example>"))
    assert later != private
    assert {"mona", "ada"} <= seen_by(house, later)
    assert later.member is not None
    assert later.member.active
    assert seen_by(house, private) & {"mona", "ada", "sam"} == set(), "what came before stays private"


def test_a_departed_members_conversation_reaches_somebody_when_it_is_answered(house: House) -> None:
    ticket = ticket_of(arrive(HELLO))
    ticket.assign_to(house.rita, by=house.ada)
    create_rule()
    house.rita.deactivate(by=house.ada)
    Notice.objects.all().delete()
    arrive(HELLO, Message_ID="<b@home.example>", In_Reply_To="<a1@home.example>")
    ticket.refresh_from_db()
    assert ticket.member is not None
    assert ticket.member.active
    assert Notice.objects.filter(member=ticket.member, kind="ticket.assigned").exists()


def test_a_leavers_conversations_are_handed_over_but_for_private_ones(house: House) -> None:
    private, shared = ticket_of(arrive(OWN)), ticket_of(arrive(HELLO, Message_ID="<b@home.example>"))
    shared.assign_to(house.rita, by=house.ada)
    words = [held.words for held in member_departure.count_held_work(house.rita)]
    assert "1 private conversation, which stays private" in words
    house.rita.deactivate(by=house.ada)
    member_departure.hand_over(house.rita, house.mona, by=house.ada)
    for ticket in (private, shared):
        ticket.refresh_from_db()
    assert (private.member, shared.member) == (house.rita, house.mona)


def test_an_admin_takes_over_what_a_leaver_alone_saw_for_a_reason(house: House) -> None:
    ticket = ticket_of(arrive(OWN))
    with pytest.raises(Refused, match="is a member"):
        take_over(house.rita, reason="She left", by=house.ada)
    house.rita.deactivate(by=house.ada)
    with pytest.raises(Refused, match="Enter a reason"):
        take_over(house.rita, reason=" ", by=house.ada)
    assert take_over(house.rita, reason="She left", by=house.ada) == 1
    ticket.refresh_from_db()
    assert (ticket.member, "mona" in seen_by(house, ticket)) == (house.ada, True)
    assert Event.objects.of(ticket).get(kind="ticket.taken_over").data["reason"] == "She left"
