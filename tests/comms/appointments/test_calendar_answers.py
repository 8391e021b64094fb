"""Answers of calendars to our invitations: they find the appointment by its UID, from whom they may come."""

from datetime import timedelta
from typing import Any

import pytest

from comms.inbound import inbound_storage
from comms.inbound.inbound_result import InboundResult
from comms.inbound.mail.receive_mail import preview_mail, receive_mail
from comms.models import AppointmentMessage, CalendarEntry, Inbound
from crm.jobs.appointments.feed.ical import uid_of
from crm.jobs.models import JobParty
from crm.jobs.models.appointments import Appointment
from crm.people.models import ContactPoint, Person
from crm.platform.events.events import dispatch_events
from crm.platform.models import Event
from crm.web.models import Notice
from tests.comms.appointments.conftest import ADDRESSES, WEDNESDAY, sent
from tickets.models import Entry, Ticket

CORA = "cora@suncoast-test-mail.example"


def calendar_mail(row: Appointment, answer: str, *, sender: str = CORA, method: str = "REPLY", **parts: str) -> bytes:
    """A mail as Google's and Microsoft's calendars answer. `parts`: start, note, uid, head."""
    lines = [
        f"UID:{parts.get('uid') or uid_of(row)}",
        f"DTSTART:{parts.get('start', '20260513T130000Z')}",
        f"ATTENDEE;PARTSTAT={answer}:mailto:{sender}",
        *([f"COMMENT:{parts['note']}"] if "note" in parts else []),
    ]
    entry = "\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    head = (
        f"From: Cora <{sender}>\nTo: {ADDRESSES['email']}\nSubject: Answer\nMessage-ID: <{answer}{method}@x.example>\n"
    )
    kind = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n"
    part = f"--b\nContent-Type: text/calendar; method={method}\n\n{entry}\n--b--\n"
    return f"{parts.get('head', '')}{head}{kind}{part}".encode()


def receive(raw: bytes) -> InboundResult:
    inbound, _new = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")
    read = receive_mail(raw, inbound)
    dispatch_events()
    return read


@pytest.fixture
def invited(house: Any, booked: Appointment) -> Appointment:
    """The appointment of Cora, who has the invitation."""
    message = AppointmentMessage.objects.get(appointment=booked, kind="invitation").message
    assert message is not None
    sent(message)
    dispatch_events()
    return booked


def test_accepted_confirms_and_begins_no_conversation(invited: Appointment) -> None:
    read = receive(calendar_mail(invited, "ACCEPTED"))
    invited.refresh_from_db()
    assert (invited.state, Ticket.objects.count()) == ("confirmed", 0)
    assert read.message is not None
    assert (read.message.job_id, read.message.automatic) == (invited.job_id, "calendar")
    confirmed = Event.objects.of(invited).get(kind="appointment.confirmed")
    assert confirmed.data["way"] == "calendar"


@pytest.mark.parametrize(
    ("answer", "method", "start", "words"),
    [
        ("DECLINED", "REPLY", "20260513T130000Z", "Declined in their calendar: We are away, another day"),
        ("TENTATIVE", "REPLY", "20260513T130000Z", "Tentative in their calendar: We are away, another day"),
        (
            *("TENTATIVE", "COUNTER", "20260515T150000Z"),
            "Proposes another time in their calendar: Friday, May 15, 11:00 AM: We are away, another day",
        ),
    ],
)
def test_anything_else_asks_for_another_time_with_their_note(
    house: Any, invited: Appointment, answer: str, method: str, start: str, words: str
) -> None:
    receive(calendar_mail(invited, answer, method=method, start=start, note="We are away\\, another day"))
    invited.refresh_from_db()
    assert (invited.asked_at is not None, invited.asked_words) == (True, words)
    assert Ticket.objects.count() == 0
    assert Notice.objects.filter(member=house.rita, kind="appointment.asked").exists()


def test_a_declined_one_waits_on_the_conversation_of_the_lead_if_there_is_one(invited: Appointment) -> None:
    first = receive(f"From: Cora <{CORA}>\nTo: {ADDRESSES['email']}\nMessage-ID: <1@x.example>\n\nIt leaks".encode())
    ticket = Entry.objects.get(message=first.message).ticket
    ticket.solve(by=invited.created_by)
    declined = receive(calendar_mail(invited, "DECLINED")).message
    accepted = receive(calendar_mail(invited, "ACCEPTED")).message
    entries = Entry.objects.filter(message__in=[declined, accepted])
    assert not entries, "a solved one is over: the lead alone has them"
    ticket.reopen(by=invited.created_by)
    raw = calendar_mail(invited, "TENTATIVE")
    assert Entry.objects.get(message=receive(raw).message).ticket == ticket
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"sender": "mallory@evil.example"},
        {"uid": "0193a1b2-0000-7000-8000-000000000001@throughline"},
        {"uid": "dinner@x.example"},
        {"start": "20260512T130000Z"},
        {"head": "Authentication-Results: mx.example; dmarc=fail\n"},
    ],
)
@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "DELEGATED"])
def test_what_may_not_act_is_a_message_for_a_person(invited: Appointment, answer: str, parts: dict[str, str]) -> None:
    message = receive(calendar_mail(invited, answer, **parts)).message
    invited.refresh_from_db()
    assert (invited.state, invited.asked_at) == ("planned", None)
    assert message is not None
    assert message.automatic == ""
    assert Entry.objects.get(message=message).ticket.is_open
    assert CalendarEntry.objects.get(message=message).answer == answer


def test_whoever_takes_part_in_the_job_may_answer(invited: Appointment) -> None:
    spouse = Person.objects.create(name="Carl Customer")
    ContactPoint.objects.create(person=spouse, kind="email", value="carl@x.example")
    JobParty.objects.create(job=invited.job, person=spouse, role="spouse")
    message = receive(calendar_mail(invited, "ACCEPTED", sender="carl@x.example")).message
    invited.refresh_from_db()
    assert (invited.state, message and message.job_id) == ("confirmed", invited.job_id)


def test_an_answer_to_a_time_that_was_moved_since_is_read_by_a_person(house: Any, invited: Appointment) -> None:
    invited.reschedule(WEDNESDAY + timedelta(days=1), by=house.rita)
    receive(calendar_mail(invited, "ACCEPTED"))
    invited.refresh_from_db()
    assert invited.state == "planned"
    receive(calendar_mail(invited, "ACCEPTED", start="20260514T130000Z").replace(b"<ACC", b"<2ACC"))
    invited.refresh_from_db()
    assert invited.state == "confirmed"


def test_a_dry_run_says_the_same_and_stores_nothing(invited: Appointment) -> None:
    raw = calendar_mail(invited, "DECLINED")
    inbound = Inbound(kind=Inbound.Kind.MAIL, provider="test")
    assert preview_mail(raw, inbound).outcome == "reply"
    assert CalendarEntry.objects.count() == 0
