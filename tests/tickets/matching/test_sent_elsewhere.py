"""What a colleague answered by another program: found among the sent mail or as a blind copy, it stops the clocks."""

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from comms.inbound.inbound_result import InboundResult
from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Inbound, Message
from crm.kernel import clock
from tests.comms.inbound.mails import SUPPORT, raw_mail
from tests.tickets.matching.conftest import CORA, Office
from tickets.matching.subscribers import place_sent
from tickets.models import Entry, Status, Ticket


def found(office: Office, *, at: datetime | None = None, is_sent: bool = True, **headers: Any) -> InboundResult:
    """Have a mail of ours be found in the mailbox's folder of sent mail, or arrive as a blind copy."""
    usual = {"sender": SUPPORT, "to": CORA, "Message_ID": "<sent@desk.example>", "Subject": "Re: My roof"}
    raw = raw_mail("We come on Monday.", **usual | headers, Date=format_datetime(at or clock.now()))
    inbound = office._stored(raw)
    inbound.channel = office.mailbox if is_sent else None
    Inbound.objects.filter(pk=inbound.pk).update(channel=inbound.channel)
    read = receive_mail(raw, inbound, is_sent=is_sent, recipients=() if is_sent else (SUPPORT,))
    place_sent(office.events("message.sent"))
    return read


def test_an_answer_among_the_sent_mail_stops_the_clocks_though_nobody_knows_whose(
    office: Office, begun: Ticket
) -> None:
    found(office, In_Reply_To="<first@home.example>")
    begun.refresh_from_db()
    assert (begun.status, begun.waiting_since, begun.unread_count) == (Status.PENDING, None, 0)
    assert begun.first_reply_at is not None
    assert [event.actor_id for event in office.events("ticket.replied")] == [None]


def test_it_is_of_the_mailboxs_owner(office: Office, begun: Ticket) -> None:
    office.mailbox.owner = office.house.rita
    office.mailbox.save()
    read = found(office, In_Reply_To="<first@home.example>")
    assert read.message
    assert read.message.author == office.house.rita
    begun.refresh_from_db()
    assert begun.waiting_since is None


def test_it_goes_on_the_ticket_it_answers_of_several(office: Office, begun: Ticket) -> None:
    later = office.mail("The gutter", Subject="Gutter", Message_ID="<second@home.example>")
    assert later
    read = found(office, In_Reply_To="<first@home.example>")
    assert Entry.objects.get(message=read.message).ticket == begun
    later.ticket.refresh_from_db()
    assert later.ticket == begun or later.ticket.waiting_since is not None


def test_what_the_customer_wrote_after_it_still_waits(office: Office, begun: Ticket) -> None:
    with clock.at(clock.now() + timedelta(hours=1)):
        office.mail("And the gutter", Subject="Re: My roof", In_Reply_To="<first@home.example>")
    found(office, at=clock.now() + timedelta(minutes=5), In_Reply_To="<first@home.example>")
    begun.refresh_from_db()
    assert begun.waiting_since is not None


@pytest.mark.parametrize(
    ("headers", "stops"),
    [
        ({"In_Reply_To": "<first@home.example>"}, True),
        ({"sender": "Rita Rep <rita@suncoast-test.example>"}, True),
        # A program that sends invoices in our name, and nobody's answer.
        ({"Subject": "Invoice 17"}, False),
    ],
)
def test_a_blind_copy_stops_the_clocks_where_a_person_wrote_it(
    office: Office, begun: Ticket, headers: dict[str, str], stops: bool
) -> None:
    read = found(office, is_sent=False, at=clock.now() + timedelta(minutes=5), **headers)
    assert read.outcome == "sent"
    begun.refresh_from_db()
    assert (begun.waiting_since is None) is stops


def test_an_absence_notice_among_the_sent_mail_answers_nobody(office: Office, begun: Ticket) -> None:
    found(office, Auto_Submitted="auto-replied", Subject="Automatic reply: My roof", In_Reply_To="<first@home.example>")
    begun.refresh_from_db()
    assert begun.waiting_since is not None


def test_the_customer_among_its_recipients_is_answered(office: Office, begun: Ticket) -> None:
    read = found(office, to=f"Roofer <roofer@partner.example>, {CORA}", In_Reply_To="<first@home.example>")
    assert read.message
    assert (read.message.address, read.message.person) == (CORA, office.house.cora)
    assert Message.objects.filter(direction="out").count() == 1
