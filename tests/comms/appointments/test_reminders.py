"""Reminders: planned out of quiet hours, one after an outage, moved and withdrawn with the appointment; and answers."""

import html
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from comms.appointments import reminders, replies
from comms.gate import preview
from comms.gate.candidate import SendCandidate
from comms.gate.consent.suppressions import suppress
from comms.models import AppointmentMessage, Channel, Direction, Message, Suppression
from comms.outbox.by_template import point_of
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.files import stored_files
from crm.platform.models import Due, Event
from tests.comms.appointments.conftest import WEDNESDAY, sent

HOUR = timedelta(hours=1)


def planned(row: Appointment) -> dict[str, datetime]:
    rows = AppointmentMessage.objects.filter(appointment=row, state="planned")
    return {one.medium: one.at for one in rows}


def told(row: Appointment, **which: Any) -> list[AppointmentMessage]:
    return list(AppointmentMessage.objects.filter(appointment=row, **which).order_by("pk"))


def due_at(row: Appointment) -> datetime | None:
    rows = Due.objects.filter(key=f"appointment.remind:{row.pk}")
    found: datetime | None = rows.values_list("run_at", flat=True).first()
    return found


def test_each_is_planned_where_it_is_not_quiet_and_follows_the_appointment(house: Any, booked: Appointment) -> None:
    # Two hours before is seven in the morning: WhatsApp goes out the evening before. Two days before is over.
    # See docs/rules.md#k3.
    evening = datetime(2026, 5, 13, 1, 59, tzinfo=UTC)
    assert planned(booked) == {"sms": WEDNESDAY - 24 * HOUR, "whatsapp": evening}
    assert due_at(booked) == WEDNESDAY - 24 * HOUR
    booked.reschedule(WEDNESDAY + 51 * HOUR, by=house.rita)
    friday = WEDNESDAY + 51 * HOUR
    assert planned(booked) == {"email": friday - 48 * HOUR, "sms": friday - 24 * HOUR, "whatsapp": friday - 2 * HOUR}
    assert due_at(booked) == friday - 48 * HOUR
    booked.cancel("Rain", by=house.rita)
    assert (planned(booked), due_at(booked)) == ({}, None)
    booked.reopen(by=house.rita)
    assert len(planned(booked)) == 3


def test_after_an_outage_one_goes_out_and_none_once_it_has_begun(house: Any, booked: Appointment) -> None:
    with clock.at(WEDNESDAY - HOUR):
        reminders.remind([booked.pk])
        reminders.remind([booked.pk])
    sms, whatsapp = told(booked, kind="reminder")
    assert (sms.state, whatsapp.state) == ("skipped", "queued")
    assert "later reminder" in sms.reason
    message = whatsapp.message
    assert message is not None
    assert (message.useful_until, message.occasion) == (WEDNESDAY, f"appointment:{booked.pk}:0")
    assert "Wednesday, May 13 at 9:00\xa0AM" in message.text
    other = Appointment.book(house.job, booked.type, WEDNESDAY + 24 * HOUR, [house.rita], by=house.rita)
    with clock.at(WEDNESDAY + 25 * HOUR):
        reminders.remind([other.pk])
    assert {one.state for one in told(other, kind="reminder")} == {"skipped"}


def test_who_asked_for_another_time_is_not_reminded_of_the_old_one(house: Any, booked: Appointment) -> None:
    booked.ask_for_another_time("Friday?", way="reply")
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([booked.pk])
    assert [one.state for one in told(booked, medium="sms")] == ["skipped"]


def test_a_second_appointment_of_a_job_is_no_duplicate_of_the_first(house: Any, booked: Appointment) -> None:
    first = sent(told(booked, kind="invitation")[0].message)  # type: ignore[arg-type]
    second = Appointment.book(house.job, booked.type, WEDNESDAY + 24 * HOUR, [house.rita], by=house.rita)
    message = told(second, kind="invitation")[0].message
    assert message is not None
    assert preview(SendCandidate.of(message)).may_send
    # The same once more is, and so is the template alone, by hand or by a rule.
    message.occasion = first.occasion
    assert preview(SendCandidate.of(message)).reason == "duplicate"
    message.occasion = ""
    assert preview(SendCandidate.of(message)).reason == "duplicate"


def test_an_invitation_follows_into_their_calendar(house: Any, booked: Appointment) -> None:
    def latest() -> tuple[Message, Any, Any]:
        one = told(booked, kind__in=["invitation", "cancellation"])[-1]
        assert one.message is not None
        attachment = one.message.attachments.get()
        with stored_files.open_file(attachment.file) as file:
            calendar = Calendar.from_ical(file.read())
        return one.message, calendar, calendar.walk("VEVENT")[0]

    message, calendar, event = latest()
    assert (message.state, message.subject) == ("held", "Inspection: Wednesday, May 13, 9:00 AM")
    assert (calendar["METHOD"], event["SEQUENCE"], event["DTSTART"].dt) == ("REQUEST", 0, WEDNESDAY)
    uid = event["UID"]
    sent(message)
    booked.reschedule(WEDNESDAY + 24 * HOUR, by=house.rita)
    moved, calendar, event = latest()
    assert moved.subject == "New time: Thursday, May 14, 9:00 AM"
    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, uid)
    booked.cancel("Rain", by=house.rita)
    cancelled, calendar, event = latest()
    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"], event["STATUS"]) == ("CANCEL", 2, uid, "CANCELLED")
    # The news of the other time had not left: it is taken back.
    moved.refresh_from_db()
    assert moved.state == "cancelled"
    assert cancelled.subject.startswith("Cancelled")


def test_nothing_is_said_of_one_that_was_booked_by_mistake(house: Any, booked: Appointment) -> None:
    booked.cancel("Wrong lead", by=house.rita)
    assert [one.state for one in told(booked, kind="invitation")] == ["withdrawn"]
    assert told(booked, kind="cancellation") == []


def heard(house: Any, text: str, *, answers: Message | None = None, medium: str = "sms") -> Event:
    """A message of Cora's, and the event of it."""
    message = Message.objects.create(
        brand=house.job.brand,
        medium=medium,
        direction=Direction.IN,
        state="received",
        person=house.cora,
        address="+18135550142",
        text=text,
        at=clock.now(),
    )
    return Event(subject_id=message.pk, data={"answers": answers.pk if answers else None, "automatic": ""})


@pytest.fixture
def reminded(booked: Appointment) -> Message:
    """Cora was reminded by text, a day before."""
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([booked.pk])
        return sent(told(booked, medium="sms")[0].message)  # type: ignore[arg-type]


def test_c_confirms_and_r_asks_the_office(house: Any, booked: Appointment, reminded: Message) -> None:
    with clock.at(WEDNESDAY - 23 * HOUR):
        event = heard(house, "C")
        replies.process_reply([event])
        replies.process_reply([event])
        booked.refresh_from_db()
        assert (booked.state, booked.version) == ("confirmed", 2)
        replies.process_reply([heard(house, "Sorry, can we reschedule?")])
        booked.refresh_from_db()
        assert (booked.state, booked.asked_words) == ("planned", "Sorry, can we reschedule?")
    kinds = Event.objects.of(booked).order_by("pk").values_list("kind", "actor_id", "data__way")
    assert list(kinds)[1:] == [("appointment.confirmed", None, "reply"), ("appointment.asked", None, "reply")]


def test_what_may_mean_something_else_confirms_nothing(house: Any, booked: Appointment, reminded: Message) -> None:
    def is_confirmed() -> bool:
        booked.refresh_from_db()
        return booked.is_confirmed

    with clock.at(WEDNESDAY - 22 * HOUR):
        # Somebody asked something since: a yes is the answer to that, unless it names the reminder.
        sent(
            Message.objects.create(
                brand=house.job.brand,
                medium="sms",
                direction=Direction.OUT,
                state="sent",
                address="+18135550142",
                text="Shall we do the gutters, too?",
            )
        )
    with clock.at(WEDNESDAY - 21 * HOUR):
        replies.process_reply([heard(house, "yes")])
        assert not is_confirmed()
        booked.reschedule(WEDNESDAY + HOUR, by=house.rita)
        replies.process_reply([heard(house, "yes", answers=reminded)])
        assert not is_confirmed()
        booked.reschedule(WEDNESDAY, by=house.rita)
        replies.process_reply([heard(house, "yes", answers=reminded)])
        assert is_confirmed()


LANDLINE, MOBILE = "+31240013228", "+31611022233"


def reach(house: Any, *points: tuple[str, str]) -> None:
    """Have these be all there is to reach Cora by."""
    ContactPoint.objects.filter(person=house.cora).delete()
    for kind, value in points:
        ContactPoint.objects.create(person=house.cora, kind=kind, value=value)


def shown(house: Any, row: Appointment) -> str:
    client = Client()
    client.force_login(house.rita.user)
    return html.unescape(client.get(f"/{house.tenant.slug}/messages/appointments/{row.uid}/").content.decode())


def book(house: Any, visit: Any) -> Appointment:
    return Appointment.book(house.job, visit, WEDNESDAY, [house.rita], by=house.rita)


def test_a_landline_is_reminded_by_another_way_and_the_page_says_why(house: Any, visit: Any) -> None:
    reach(house, ("phone", LANDLINE), ("email", "cora@mail.example"))
    Channel.objects.get(medium="whatsapp").archive(by=None)
    row = book(house, visit)
    assert [(one.medium, one.minutes_before) for one in told(row, kind="reminder")] == [("email", 1440), ("email", 120)]
    assert (
        "Reminder, Email: scheduled for tomorrow, 9:00\xa0AM (Text message: Their number can’t receive texts.)"
        in shown(house, row)
    )
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([row.pk])
    [message] = [one.message for one in told(row, kind="reminder", state="queued")]
    assert message is not None
    assert (message.medium, message.address) == ("email", "cora@mail.example")


def test_a_mobile_is_texted_although_a_landline_was_known_first(house: Any, visit: Any) -> None:
    reach(house, ("phone", LANDLINE), ("phone", MOBILE))
    row = book(house, visit)
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([row.pk])
    [message] = [one.message for one in told(row, kind="reminder", state="queued")]
    assert message is not None
    assert (message.medium, message.address) == ("sms", MOBILE)


def test_who_gave_no_address_is_not_written_more_often_by_another_way(house: Any, visit: Any) -> None:
    reach(house, ("phone", LANDLINE))
    row = Appointment.book(house.job, visit, WEDNESDAY + 72 * HOUR, [house.rita], by=house.rita, anyway=True)
    rows = told(row, kind="reminder")
    assert [(one.medium, one.minutes_before) for one in rows] == [
        ("email", 2880),
        ("whatsapp", 1440),
        ("whatsapp", 120),
    ]
    assert "but can’t be sent: The customer has no email address or phone number." in shown(house, row)


def test_what_reaches_nobody_is_said_before_it_is_due_and_mended_until_then(house: Any, visit: Any) -> None:
    reach(house, ("phone", LANDLINE))
    Channel.objects.get(medium="whatsapp").archive(by=None)
    row = book(house, visit)
    assert "due tomorrow, 9:00\xa0AM, but can’t be sent: " in (page := shown(house, row))
    assert "Reminder, Text message: due" in page
    ContactPoint.objects.create(person=house.cora, kind="email", value="cora@mail.example")
    assert "can’t be sent" not in shown(house, row)
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([row.pk])
    assert [one.medium for one in told(row, kind="reminder", state="queued")] == ["email"]


def test_who_stopped_texts_is_reminded_by_another_way(house: Any, visit: Any) -> None:
    phone = point_of(house.cora.pk, "sms")
    assert phone is not None
    suppress(phone.value, Suppression.Reason.STOP, source="reply", medium="sms")
    row = book(house, visit)
    assert [one.medium for one in told(row, kind="reminder")] == ["email", "whatsapp"]


def test_an_invitation_goes_where_it_arrives_and_says_where_it_does_not(house: Any, visit: Any) -> None:
    reach(house, ("phone", LANDLINE))
    row = book(house, visit)
    assert [(one.medium, one.state) for one in told(row, kind="invitation")] == [("whatsapp", "queued")]
    Channel.objects.get(medium="whatsapp").archive(by=None)
    row.reschedule(WEDNESDAY + 24 * HOUR, by=house.rita)
    last = told(row, kind="invitation")[-1]
    assert (last.medium, last.state, last.reason) == ("sms", "skipped", "Their number can’t receive texts.")
