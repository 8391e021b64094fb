"""Entries written to a member's calendar, and what the member does with them there, on a real CalDAV server."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.integrations.models import BusyTime, CalendarConnection, ConnectedCalendar, WrittenEntry
from crm.integrations.sync.schedule import write_after
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.models import Due, Event
from followups.models import FollowUp
from tests.integrations.conftest import HOUR, NOW, TUESDAY, expire_token
from tests.integrations.radicale_server import Radicale

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]
TITLE = "Inspection: Cora Customer"


@pytest.fixture
def follow_up(house: Any) -> FollowUp:
    return FollowUp.plan(
        kind="call", subject="Ring back", due_at=TUESDAY + 5 * HOUR, by=house.rita, job=house.job, assignee=house.rita
    )


def starts(server: Radicale, row: Any) -> Any:
    event = server.read(str(row.uid))
    return event and event["DTSTART"].dt


def test_appointments_and_follow_ups_are_written_once(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, follow_up: FollowUp
) -> None:
    sync()
    etags = set(WrittenEntry.objects.values_list("etag", flat=True))
    sync()
    assert server.names() == [TITLE, "Ring back: Cora Customer"]
    assert set(WrittenEntry.objects.values_list("etag", flat=True)) == etags
    assert not BusyTime.objects.exists()


def test_only_what_the_member_chose_is_written(
    server: Radicale,
    sync: Sync,
    written: ConnectedCalendar,
    connection: CalendarConnection,
    booked: Appointment,
    follow_up: FollowUp,
) -> None:
    connection.written_sources = ["follow_up"]
    connection.save()
    sync()
    assert server.names() == ["Ring back: Cora Customer"]


def test_what_moves_and_ends_here_does_so_there(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, follow_up: FollowUp, house: Any
) -> None:
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita)
    follow_up.cancel(by=house.rita)
    sync()
    assert starts(server, booked) == TUESDAY + 2 * HOUR
    assert server.names() == [TITLE]
    assert booked.sequence == server.read(str(booked.uid))["SEQUENCE"]


def test_an_appointment_moved_there_moves_here(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any
) -> None:
    sync()
    server.move(str(booked.uid), "20260512T170000Z", "20260512T183000Z")
    sync()
    booked.refresh_from_db()
    assert (booked.starts_at, booked.ends_at) == (TUESDAY + 3 * HOUR, TUESDAY + 4.5 * HOUR)
    event = Event.objects.get(kind="appointment.rescheduled")
    assert event.actor_id == house.rita.pk
    sync()
    assert starts(server, booked) == TUESDAY + 3 * HOUR
    assert Event.objects.filter(kind="appointment.rescheduled").count() == 1


def test_a_follow_up_moved_there_moves_here(
    server: Radicale, sync: Sync, written: ConnectedCalendar, follow_up: FollowUp
) -> None:
    sync()
    server.move(str(follow_up.uid), "20260513T140000Z", "20260513T141500Z")
    sync()
    follow_up.refresh_from_db()
    assert follow_up.due_at == TUESDAY + timedelta(days=1)


def test_what_is_deleted_there_is_cancelled_here(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, follow_up: FollowUp
) -> None:
    sync()
    server.delete(str(booked.uid))
    server.delete(str(follow_up.uid))
    sync()
    booked.refresh_from_db()
    follow_up.refresh_from_db()
    assert (booked.state, follow_up.status) == ("cancelled", "cancelled")
    assert not WrittenEntry.objects.exists()


def test_words_changed_there_change_nothing_here(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment
) -> None:
    sync()
    server.move(str(booked.uid), "20260512T140000Z", "20260512T150000Z", summary="Bring the ladder")
    sync()
    sync()
    assert server.names() == ["Bring the ladder"]
    assert not Event.objects.filter(kind="appointment.rescheduled").exists()


def test_many_deletions_wait_for_the_member(
    server: Radicale, sync: Sync, written: ConnectedCalendar, house: Any
) -> None:
    plans = [
        FollowUp.plan(kind="call", subject=f"Call {n}", due_at=TUESDAY + n * HOUR, by=house.rita, assignee=house.rita)
        for n in range(7)
    ]
    sync()
    for plan in plans:
        server.delete(str(plan.uid))
    sync()
    assert FollowUp.objects.open().count() == 7
    assert set(WrittenEntry.objects.values_list("conflict", flat=True)) == {"deleted"}


def test_a_deleted_calendar_cancels_nothing(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment
) -> None:
    sync()
    server.requests.delete(f"{server.url}rita/home/")
    sync()
    booked.refresh_from_db()
    written.refresh_from_db()
    assert (booked.state, written.is_gone) == ("planned", True)


def test_an_expired_token_cancels_nothing_that_is_there(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, follow_up: FollowUp
) -> None:
    sync()
    server.delete(str(follow_up.uid))
    expire_token()
    sync()
    booked.refresh_from_db()
    follow_up.refresh_from_db()
    assert (booked.state, follow_up.status) == ("planned", "cancelled")
    assert server.names() == [TITLE]


def test_what_changed_while_the_server_was_down_is_written_when_it_is_back(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any, visit: AppointmentType
) -> None:
    sync()
    server.stop()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita)
    added = Appointment.book(house.job, visit, TUESDAY + 26 * HOUR, [house.rita], by=house.rita)
    sync()
    with clock.at(NOW + timedelta(days=1)):
        sync()
        server.start()
        sync()
    assert (starts(server, booked), starts(server, added)) == (TUESDAY + 2 * HOUR, TUESDAY + 26 * HOUR)


def test_a_worker_that_died_after_its_call_writes_nothing_twice(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment
) -> None:
    sync()
    WrittenEntry.objects.all().delete()
    sync()
    assert server.names() == [TITLE]
    assert WrittenEntry.objects.count() == 1


def test_an_event_schedules_the_calendars_it_concerns(
    written: ConnectedCalendar, booked: Appointment, house: Any, sync: Sync
) -> None:
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita)
    write_after(list(Event.objects.filter(kind="appointment.rescheduled")))
    assert Due.objects.get(kind="calendar.sync").due_at == NOW + timedelta(seconds=5)


def test_an_appointment_of_others_is_not_written(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any
) -> None:
    sync()
    booked.reschedule(TUESDAY, by=house.mona, members=[house.mona])
    sync()
    assert server.names() == []
    assert Appointment.objects.get().state == "planned"
