"""A customer is asked first: the time is held, they take it by reply or on their page, or it is free again and told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comms.appointments import questions, reminders, replies
from comms.appointments.links import appointment_url
from comms.models import AppointmentMessage, Channel, Message
from crm.jobs.appointments import notices
from crm.jobs.models.appointments import Appointment, Attendance
from crm.jobs.models.appointments.appointment import end_holds
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import ContactPoint
from crm.platform import undo
from crm.platform.models import Due, Event
from crm.web.models import Notice
from tests.comms.appointments.conftest import NOW, WEDNESDAY, sent
from tests.comms.appointments.test_reminders import heard

HOUR = timedelta(hours=1)
THURSDAY = WEDNESDAY + 24 * HOUR


def question(row: Appointment) -> AppointmentMessage:
    return AppointmentMessage.objects.filter(appointment=row, kind="question").latest("pk")


def kinds(row: Appointment) -> list[str]:
    found = Event.objects.of(row).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("appointment.") for kind in found]


def due_at(row: Appointment) -> datetime | None:
    rows = Due.objects.filter(key=f"appointment.hold_ends:{row.pk}")
    found: datetime | None = rows.values_list("run_at", flat=True).first()
    return found


@pytest.fixture
def offered(house: Any, booked: Appointment) -> Appointment:
    """Cora, who comes on Wednesday, is asked whether Thursday suits her as well."""
    booked.confirm(by=house.rita)
    booked.offer(THURSDAY, by=house.rita)
    return booked


def test_another_time_is_held_beside_the_one_agreed_until_they_take_it(house: Any, offered: Appointment) -> None:
    assert (offered.starts_at, offered.state, offered.held_until) == (WEDNESDAY, "confirmed", NOW + 2 * HOUR)
    assert due_at(offered) == NOW + 2 * HOUR
    # Nobody else gets that hour of Rita's, and is told why; nor the one that is agreed.
    with pytest.raises(InTheWay, match="Rita Rep is held for “Cora Customer” from"):
        Appointment.book(house.job, offered.type, THURSDAY + HOUR / 2, [house.rita], by=house.mona)
    with pytest.raises(InTheWay, match="Rita Rep is at"):
        Appointment.book(house.job, offered.type, WEDNESDAY, [house.rita], by=house.mona)
    message = question(offered).message
    assert message is not None
    assert (message.medium, message.state, message.useful_until) == ("sms", "held", NOW + 2 * HOUR)
    assert "Thursday, May 14 at 9:00\xa0AM suit you? We hold it until 11:00\xa0AM" in message.text
    sent(message)
    with clock.at(NOW + HOUR):
        event = heard(house, "C")
        replies.process_reply([event])
        replies.process_reply([event])
        # It is answered by that: nobody has to write back.
        assert replies.confirmed_by(Message.objects.get(pk=event.subject_id), None) == offered
    offered.refresh_from_db()
    assert (offered.starts_at, offered.state, offered.is_held, due_at(offered)) == (THURSDAY, "confirmed", False, None)
    assert kinds(offered) == ["booked", "confirmed", "offered", "rescheduled"]
    mine = Attendance.objects.get(appointment=offered)
    assert (mine.busy_from, mine.is_offered, mine.is_live) == (THURSDAY, False, True)
    # Their calendar follows, and the reminders.
    assert AppointmentMessage.objects.filter(appointment=offered, kind="invitation").latest("pk").starts_at == THURSDAY


def test_without_an_answer_it_is_free_again_and_who_asked_is_told(house: Any, offered: Appointment) -> None:
    sent(question(offered).message)  # type: ignore[arg-type]
    with clock.at(NOW + 2 * HOUR - timedelta(seconds=1)):
        end_holds([offered.pk])
        offered.refresh_from_db()
        assert offered.is_held
    with clock.at(NOW + 2 * HOUR):
        # The worker died after it, and does it again.
        end_holds([offered.pk])
        end_holds([offered.pk])
        released = Event.objects.of(offered).filter(kind="appointment.released")
        assert [event.data["why"] for event in released] == ["time"]
        notices.tell_released(released)
        assert set(Notice.objects.values_list("member_id", flat=True)) == {house.rita.pk}
        # Too late: a person reads it, and nothing moves.
        replies.process_reply([heard(house, "C")])
        with pytest.raises(Stale, match="no longer held"):
            offered.accept(by=None, way="link")
    offered.refresh_from_db()
    assert (offered.starts_at, offered.state, offered.is_held) == (WEDNESDAY, "confirmed", False)
    assert Appointment.book(house.job, offered.type, THURSDAY, [house.rita], by=house.mona).is_live


def test_a_new_one_is_booked_by_their_yes_and_off_without(house: Any, visit: Any) -> None:
    first = Appointment.book(house.job, visit, WEDNESDAY, [house.rita], by=house.mona, ask_first=True)
    assert kinds(first) == ["offered"]
    # Nothing else is said before they agree.
    assert set(AppointmentMessage.objects.filter(appointment=first).values_list("kind", flat=True)) == {"question"}
    sent(question(first).message)  # type: ignore[arg-type]
    replies.process_reply([heard(house, "Yes, that works")])
    first.refresh_from_db()
    assert (first.state, first.is_held, kinds(first)) == ("confirmed", False, ["offered", "booked", "confirmed"])
    assert AppointmentMessage.objects.filter(appointment=first, kind="reminder").exists()
    second = Appointment.book(house.job, visit, THURSDAY, [house.rita], by=house.mona, ask_first=True)
    with clock.at(NOW + 3 * HOUR):
        end_holds([second.pk])
    second.refresh_from_db()
    assert (second.state, second.reason) == ("cancelled", "No answer in time")
    assert not Attendance.objects.filter(appointment=second, is_live=True).exists()
    assert not AppointmentMessage.objects.filter(appointment=second, kind="cancellation").exists()


def test_the_hold_counts_from_when_the_question_can_leave_and_never_past_what_it_is_about(
    house: Any, booked: Appointment
) -> None:
    # Eleven at night in Tampa: texts are quiet until eight.
    with clock.at(datetime(2026, 5, 12, 3, 0, tzinfo=UTC)):
        booked.offer(THURSDAY, by=house.rita)
        assert booked.held_until == datetime(2026, 5, 12, 14, 0, tzinfo=UTC)
        assert due_at(booked) == booked.held_until
    with clock.at(WEDNESDAY - HOUR):
        booked.release("member", by=house.rita)
        booked.offer(THURSDAY, by=house.rita)
        assert booked.held_until == WEDNESDAY
    with clock.at(WEDNESDAY - timedelta(minutes=10)), pytest.raises(Refused, match="no time left"):
        booked.offer(THURSDAY + HOUR, by=house.rita)


def test_it_goes_by_the_channel_they_wrote_by_and_not_at_all_without_one(house: Any, booked: Appointment) -> None:
    Message.objects.filter(pk=heard(house, "Hello", medium="whatsapp").subject_id).update(at=NOW - HOUR)
    assert questions.media_of(house.job)[0] == "whatsapp"
    for channel in Channel.objects.all():
        channel.archive(by=None)
    with pytest.raises(Refused):
        booked.offer(THURSDAY, by=house.rita)


def test_a_landline_is_not_asked_by_text(house: Any, booked: Appointment) -> None:
    ContactPoint.objects.filter(person=house.cora, kind="phone").update(value="+31240013228")
    Channel.objects.get(medium="whatsapp").archive(by=None)
    booked.offer(THURSDAY, by=house.rita)
    assert question(booked).medium == "email"
    booked.release("member", by=house.rita)
    Channel.objects.get(medium="email").archive(by=None)
    assert not questions.can_ask(house.job)
    with pytest.raises(Refused, match="no channel for it"):
        booked.offer(THURSDAY, by=house.rita)


def test_what_does_not_arrive_holds_nothing_and_what_is_undone_is_not_asked(house: Any, booked: Appointment) -> None:
    with undo.record_undoable("appointment.rescheduled", [booked], by=house.rita) as change:
        booked.offer(THURSDAY, by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    booked.refresh_from_db()
    told = question(booked)
    assert told.message is not None
    assert (booked.is_held, booked.starts_at, told.state, told.message.state) == (
        *(False, WEDNESDAY),
        *("withdrawn", "cancelled"),
    )
    booked.offer(THURSDAY + HOUR, by=house.rita)
    questions.note_lost([Event(subject_id=question(booked).message_id or 0)])
    booked.refresh_from_db()
    assert (booked.is_held, kinds(booked)[-1]) == (False, "released")


def test_a_reminder_of_the_old_time_waits_for_their_answer(house: Any, booked: Appointment) -> None:
    with clock.at(WEDNESDAY - 24 * HOUR - timedelta(minutes=30)):
        booked.offer(THURSDAY, by=house.rita)
    with clock.at(WEDNESDAY - 24 * HOUR):
        reminders.remind([booked.pk])
        sms = AppointmentMessage.objects.get(appointment=booked, kind="reminder", medium="sms")
        assert (sms.state, sms.at) == ("planned", booked.held_until)


def test_they_take_it_or_leave_it_on_their_page(house: Any, offered: Appointment) -> None:
    client, path = Client(), "/" + appointment_url(offered).partition("://")[2].partition("/")[2]
    shown = client.get(path).content.decode()
    assert "Thursday, May 14, 9:00\xa0AM" in shown
    assert "We hold it for you until" in shown
    offered.refresh_from_db()
    assert client.post(path, {"version": offered.version, "act": "decline"}).status_code == 302
    offered.refresh_from_db()
    assert (offered.is_held, offered.starts_at, offered.state) == (False, WEDNESDAY, "confirmed")
    offered.offer(THURSDAY, by=house.rita)
    house.cora.language = "nl"
    house.cora.save(update_fields=["language"])
    assert client.post(path, {"version": offered.version, "act": "accept"}).status_code == 302
    offered.refresh_from_db()
    assert (offered.starts_at, offered.is_confirmed) == (THURSDAY, True)


def test_they_are_asked_in_their_language(house: Any, booked: Appointment) -> None:
    house.cora.language = "nl"
    house.cora.save(update_fields=["language"])
    row = Appointment.objects.get(pk=booked.pk)
    row.offer(THURSDAY, by=house.rita)
    message = question(row).message
    assert message is not None
    assert "komt donderdag 14 mei om" in message.text
