"""Both sides changed an entry: both versions are shown, and nothing is overwritten until the member decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.integrations.models import CalendarConnection, ConnectedCalendar, WrittenEntry
from crm.jobs.models.appointments import Appointment
from crm.web.models import Notice
from tests.integrations.conftest import HOUR, TUESDAY
from tests.integrations.radicale_server import Radicale

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]
THEIRS = ("20260512T170000Z", "20260512T180000Z")


@pytest.fixture
def conflict(server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any) -> WrittenEntry:
    """Moved to twelve here, and to one in the calendar."""
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.mona)
    server.move(str(booked.uid), *THEIRS)
    sync()
    return WrittenEntry.objects.get()


def signed_in(house: Any, member: Any) -> tuple[Client, str]:
    client = Client()
    client.force_login(member.user)
    return client, f"/{house.tenant.slug}/preferences/calendars/conflicts/"


def state(server: Radicale, booked: Appointment) -> tuple[Any, Any]:
    booked.refresh_from_db()
    return booked.starts_at, server.read(str(booked.uid))["DTSTART"].dt


def test_nothing_is_overwritten(
    server: Radicale, sync: Sync, conflict: WrittenEntry, booked: Appointment, house: Any
) -> None:
    sync()
    assert conflict.conflict == "moved"
    assert state(server, booked) == (TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR)
    assert Notice.objects.filter(kind="calendar.conflict", member=house.rita).count() == 1


def test_both_versions_are_shown_to_the_member_alone(conflict: WrittenEntry, house: Any) -> None:
    client, url = signed_in(house, house.rita)
    page = client.get(url).content.decode().replace("\xa0", " ")
    assert "12:00 PM – 1:00 PM" in page
    assert "1:00 PM – 2:00 PM" in page
    client, url = signed_in(house, house.mona)
    assert "Cora" not in client.get(url).content.decode()
    assert client.post(f"{url}{conflict.uid}/", {"keep": "theirs"}).status_code == 404


def test_ours_is_kept(server: Radicale, sync: Sync, conflict: WrittenEntry, booked: Appointment, house: Any) -> None:
    client, url = signed_in(house, house.rita)
    client.post(f"{url}{conflict.uid}/", {"keep": "ours"})
    sync()
    assert state(server, booked) == (TUESDAY + 2 * HOUR, TUESDAY + 2 * HOUR)


def test_theirs_is_taken(server: Radicale, sync: Sync, conflict: WrittenEntry, booked: Appointment, house: Any) -> None:
    client, url = signed_in(house, house.rita)
    client.post(f"{url}{conflict.uid}/", {"keep": "theirs"})
    sync()
    assert state(server, booked) == (TUESDAY + 3 * HOUR, TUESDAY + 3 * HOUR)
    assert not WrittenEntry.objects.exclude(conflict="").exists()


def test_deleted_there_and_moved_here(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any
) -> None:
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.mona)
    server.delete(str(booked.uid))
    sync()
    entry = WrittenEntry.objects.get()
    assert (entry.conflict, Appointment.objects.get().state) == ("deleted", "planned")
    client, url = signed_in(house, house.rita)
    client.post(f"{url}{entry.uid}/", {"keep": "ours"})
    sync()
    assert state(server, booked) == (TUESDAY + 2 * HOUR, TUESDAY + 2 * HOUR)


def test_a_move_that_is_not_possible_is_a_question(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, visit: Any, house: Any
) -> None:
    other = Appointment.book(house.job, visit, TUESDAY + 26 * HOUR, [house.rita], by=house.rita)
    sync()
    server.move(str(booked.uid), "20260513T160000Z", "20260513T170000Z")
    sync()
    entry = WrittenEntry.objects.get(item_id=booked.pk)
    assert (entry.conflict, other.starts_at) == ("refused", TUESDAY + 26 * HOUR)
    assert "Rita Rep" in entry.reason
    client, url = signed_in(house, house.rita)
    client.post(f"{url}{entry.uid}/", {"keep": "theirs"})
    assert WrittenEntry.objects.get(item_id=booked.pk).conflict == "refused"
    client.post(f"{url}{entry.uid}/", {"keep": "ours"})
    sync()
    assert state(server, booked) == (TUESDAY, TUESDAY)


def test_the_same_change_on_both_sides_is_none(
    server: Radicale, sync: Sync, written: ConnectedCalendar, booked: Appointment, house: Any
) -> None:
    sync()
    booked.reschedule(TUESDAY + timedelta(hours=3), by=house.mona)
    server.move(str(booked.uid), *THEIRS)
    sync()
    assert not WrittenEntry.objects.exclude(conflict="").exists()
