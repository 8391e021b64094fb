"""Spam by signs that add up is out of the way for thirty days; a customer's mail, and an open matter, never are."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.inbound.retention import forget
from comms.models import Attachment, Channel, Inbound, JudgedSender, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Event
from tests.comms.inbound.mails import SUPPORT
from tests.tickets.matching.conftest import Office
from tickets.models import Entry, Status, Ticket
from tickets.set_aside.conversation import make_conversation
from tickets.set_aside.set_aside_list import SET_ASIDE_LIST
from tickets.set_aside.spam import move_to_spam

FAILED = "mx.suncoast.example; dmarc=fail (p=none); spf=fail"
SPAM = {"sender": "Win <win@prize.example>", "X_Spam_Flag": "YES", "Authentication_Results": FAILED}
pytestmark = pytest.mark.django_db


def arrive(office: Office, text: str = "You won", **headers: Any) -> str:
    office.mail(text, **SPAM | headers)
    return Message.objects.latest("pk").automatic


def move(office: Office, ticket: Ticket) -> None:
    move_to_spam(ticket, by=office.house.rita)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Spam_Flag": None, "X_Spam_Status": "Yes, score=7.2 required=5.0"},
        {"X_Spam_Flag": None, "X_SES_Spam_Verdict": "FAIL"},
        {"X_Spam_Flag": None, "X_Mailgun_Sflag": "Yes"},
        {"X_Spam_Flag": None, "X_MS_Exchange_Organization_SCL": "9"},
        {"Authentication_Results": None, "X_SES_Spam_Verdict": "FAIL"},
    ],
)
def test_two_signs_make_a_strangers_mail_spam(office: Office, headers: dict[str, Any]) -> None:
    people, jobs = Person.objects.count(), Job.objects.count()
    Channel.objects.filter(pk=office.mailbox.pk).update(role="sales")
    assert arrive(office, **headers) == "spam"
    assert (Person.objects.count(), Job.objects.count()) == (people, jobs)
    assert not Entry.objects.exists()
    assert not Event.objects.filter(kind="message.received").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Spam_Flag": None},
        {"Authentication_Results": None},
        {"X_Spam_Flag": "NO"},
        {"X_Spam_Flag": None, "X_Spam_Status": "No, score=4.9"},
        {"X_Spam_Flag": None, "X_MS_Exchange_Organization_SCL": "1"},
        {"Authentication_Results": "mx.suncoast.example; dmarc=pass"},
    ],
)
def test_one_sign_alone_does_not(office: Office, headers: dict[str, Any]) -> None:
    assert arrive(office, **headers) == ""
    assert Entry.objects.count() == 1


def test_the_verdict_of_the_provider_is_a_sign(office: Office) -> None:
    from comms.inbound.mail.receive_mail import receive_mail
    from tests.comms.inbound.mails import raw_mail

    raw = raw_mail("You won", sender="Win <win@prize.example>", Authentication_Results=FAILED)
    assert receive_mail(raw, office._stored(raw), recipients=(SUPPORT,), is_spam=True).outcome == "spam"


def test_a_customer_is_never_hidden(office: Office) -> None:
    assert arrive(office, sender="Cora Customer <cora@suncoast-test-mail.example>") == ""


def test_who_answers_us_is_never_hidden(office: Office) -> None:
    assert arrive(office, In_Reply_To=office.write().message_id) == ""


def test_who_is_on_an_open_conversation_is_never_hidden(office: Office) -> None:
    arrive(office, X_Spam_Flag=None)
    assert arrive(office) == ""
    for ticket in Ticket.objects.all():
        ticket.close(by=office.house.rita)
    assert arrive(office) == "spam"


def test_it_is_listed_in_a_view_of_its_own(office: Office) -> None:
    arrive(office)
    rita = office.house.rita
    assert not SET_ASIDE_LIST.apply(SET_ASIDE_LIST.filters(), rita).exists()
    assert SET_ASIDE_LIST.apply(SET_ASIDE_LIST.filters(reason="spam"), rita).count() == 1


def test_not_spam_makes_it_a_conversation_and_trusts_its_sender(office: Office) -> None:
    arrive(office)
    message = Message.objects.get()
    ticket = make_conversation(message, by=office.house.rita)
    assert (ticket.is_open, message.spam_since) == (True, None)
    assert ticket.person
    assert ticket.person.name == "Win"
    ticket.close(by=office.house.rita)
    assert arrive(office, "Hello again") == ""


def test_spam_on_a_conversation_moves_what_came_in_and_what_comes_later(office: Office) -> None:
    entry = office.mail("Buy links", sender="Win <win@prize.example>")
    assert entry
    move(office, entry.ticket)
    move(office, entry.ticket)
    entry.ticket.refresh_from_db()
    assert (entry.ticket.status, Entry.objects.count(), Message.objects.get().automatic) == (Status.CLOSED, 0, "spam")
    assert Event.objects.filter(kind="ticket.marked_spam").count() == 1
    assert arrive(office, X_Spam_Flag=None, Authentication_Results=None) == "spam"


def test_spam_drops_the_lead_that_it_opened(office: Office) -> None:
    Channel.objects.filter(pk=office.mailbox.pk).update(role="sales")
    entry = office.mail("Buy links", sender="Win <win@prize.example>")
    assert entry
    job = entry.ticket.job
    move(office, entry.ticket)
    job.refresh_from_db()
    assert job.state == "dropped"


def test_a_customers_lead_and_a_legal_hold_are_not_spam(office: Office, begun: Ticket) -> None:
    begun.legal_hold = True
    begun.save(update_fields=["legal_hold"])
    with pytest.raises(Refused):
        move(office, begun)
    begun.legal_hold = False
    begun.save(update_fields=["legal_hold"])
    with pytest.raises(Refused, match="lead"):
        move(office, begun)


def test_it_is_deleted_after_thirty_days(office: Office) -> None:
    arrive(office)
    with clock.at(clock.now() + timedelta(days=29)):
        forget([])
    assert Message.objects.exists()
    with clock.at(clock.now() + timedelta(days=31)):
        forget([])
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()
    assert (bytes(Inbound.objects.get().body), Inbound.objects.get().reason) == (b"", "")


def test_under_a_legal_hold_it_stays(office: Office, begun: Ticket) -> None:
    arrive(office)
    message = Message.objects.get(automatic="spam")
    Entry.objects.add_message(begun, message, matched_by="by_hand")
    Ticket.objects.update(legal_hold=True)
    with clock.at(clock.now() + timedelta(days=31)):
        forget([])
    assert Message.objects.filter(pk=message.pk).exists()


def test_the_button_is_in_the_menu_of_a_conversation(office: Office) -> None:
    entry = office.mail("Buy links", sender="Win <win@prize.example>")
    assert entry
    client, tickets = Client(), f"/{office.house.tenant.slug}/tickets/"
    client.force_login(office.house.rita.user)
    url = f"{tickets}set-aside/{entry.ticket.number}/spam/"
    assert url in client.get(f"{tickets}{entry.ticket.number}/").content.decode()
    assert client.post(url, {"version": entry.ticket.form_version}).url == tickets
    assert JudgedSender.objects.get().is_spam
