"""Invitations of others: shown by the reader's clock, answered for their calendar, changed and called off."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from comms.invitations.answer import answer_invitation
from comms.models import CalendarAnswer, CalendarEntry, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events.events import dispatch_events
from crm.platform.files import stored_files
from followups.models import FollowUp
from tests.comms.appointments.conftest import ADDRESSES, NOW
from tests.comms.appointments.test_calendar_answers import receive
from tickets.models import Entry, Ticket

ADELE = "adele@insurer.example"


def invitation(
    method: str = "REQUEST", *, sequence: int = 0, start: str = "20260602T180000Z", sender: str = ADELE
) -> bytes:
    entry = f"""BEGIN:VCALENDAR
METHOD:{method}
BEGIN:VEVENT
UID:claim-77
SEQUENCE:{sequence}
SUMMARY:Roof inspection
LOCATION:12 Palm Way
DESCRIPTION:Bring a ladder
DTSTART:{start}
ORGANIZER;CN=Adele Adjuster:mailto:{ADELE}
ATTENDEE;RSVP=TRUE:mailto:{ADDRESSES["email"]}
END:VEVENT
END:VCALENDAR
"""
    head = (
        f"From: Adele <{sender}>\nTo: {ADDRESSES['email']}\nSubject: Roof inspection\nAuto-Submitted: auto-generated\n"
    )
    name = f"Message-ID: <{method}{sequence}{sender}>\nContent-Type: text/calendar; method={method}\n\n"
    return (head + name + entry).encode()


@pytest.fixture
def invited(house: Any) -> Message:
    message = receive(invitation()).message
    assert message is not None
    return message


def answered(message: Message, answer: str, house: Any) -> Message | None:
    sent = answer_invitation(message, CalendarAnswer(answer), by=house.rita)
    dispatch_events()
    return sent


def test_it_is_a_conversation_that_says_what_when_and_where(house: Any, client: Client, invited: Message) -> None:
    ticket = Entry.objects.get(message=invited).ticket
    ticket.assign_to(house.rita, by=house.ada)
    client.force_login(house.rita.user)
    page = client.get(reverse("tickets:ticket", args=[house.tenant.slug, ticket.number])).content.decode()
    for words in ("Roof inspection", "Tue, Jun 2, 2:00", "12 Palm Way", "Adele Adjuster", "Bring a ladder", "Decline"):
        assert words in page.replace("\xa0", " "), words


def test_accepting_answers_the_organizer_and_stands_among_the_follow_ups(house: Any, invited: Message) -> None:
    sent = answered(invited, "ACCEPTED", house)
    assert sent is not None
    assert (sent.address, sent.subject, sent.in_reply_to) == (ADELE, "Accepted: Roof inspection", invited.message_id)
    with stored_files.open_file(sent.attachments.get().file) as file:
        calendar = Calendar.from_ical(file.read())
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("REPLY", "claim-77", 0)
    assert str(event["ATTENDEE"]) == f"mailto:{ADDRESSES['email']}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    planned = FollowUp.objects.get()
    assert (planned.subject, planned.assignee) == ("Roof inspection, 12 Palm Way", house.rita)
    assert planned.due_at == datetime(2026, 6, 2, 18, 0, tzinfo=UTC)
    assert Entry.objects.get(message=sent).ticket.status == "pending"
    assert answered(invited, "ACCEPTED", house) is None, "once"


def test_declining_it_later_takes_the_follow_up_away(house: Any, invited: Message) -> None:
    answered(invited, "ACCEPTED", house)
    answered(invited, "DECLINED", house)
    assert [one.status for one in FollowUp.objects.all()] == ["cancelled"]
    answered(invited, "TENTATIVE", house)
    assert FollowUp.objects.get().is_open


def test_a_newer_one_stands_on_the_same_conversation_and_is_answered_instead(house: Any, invited: Message) -> None:
    answered(invited, "ACCEPTED", house)
    newer = receive(invitation(sequence=1, start="20260603T180000Z")).message
    assert newer is not None
    with pytest.raises(Refused):
        answered(invited, "DECLINED", house)
    answered(newer, "ACCEPTED", house)
    assert FollowUp.objects.get().due_at == datetime(2026, 6, 3, 18, 0, tzinfo=UTC)
    assert Ticket.objects.count() == 1


def test_a_cancellation_is_a_note_and_wakes_only_who_planned_on_it(house: Any, invited: Message) -> None:
    ticket = Entry.objects.get(message=invited).ticket
    ticket.solve(by=house.rita)
    ended = receive(invitation("CANCEL", sequence=1)).message
    ticket.refresh_from_db()
    assert (ticket.status, Entry.objects.get(message=ended).ticket) == ("solved", ticket)
    assert not CalendarEntry.objects.get(message=invited).can_be_answered


def test_the_end_of_one_that_was_accepted_is_for_a_person(house: Any, invited: Message) -> None:
    answered(invited, "ACCEPTED", house)
    ended = receive(invitation("CANCEL", sequence=1)).message
    assert ended is not None
    assert (ended.automatic, FollowUp.objects.get().status) == ("", "cancelled")
    assert Entry.objects.get(message=ended).ticket.status == "open"


def test_nobody_else_ends_it(invited: Message) -> None:
    receive(invitation("CANCEL", sequence=1, sender="mallory@evil.example"))
    assert CalendarEntry.objects.get(message=invited).can_be_answered
    assert Ticket.objects.count() == 2


def test_one_that_is_over_is_not_answered(house: Any, invited: Message) -> None:
    with clock.at(NOW.replace(month=7)), pytest.raises(Refused):
        answered(invited, "ACCEPTED", house)


def test_the_button_needs_the_message_and_an_answer(house: Any, client: Client, invited: Message) -> None:
    url = reverse("comms:answer_invitation", args=[house.tenant.slug, invited.uid])
    client.force_login(house.ada.user)
    assert client.post(url, {"answer": "SURELY"}).status_code == 404
    assert client.post(url, {"answer": "DECLINED"}).status_code == 302
    assert CalendarEntry.objects.get(message=invited).our_answer == "DECLINED"
