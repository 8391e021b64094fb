"""An Outlook calendar, against a server on loopback that answers as Microsoft Graph does."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.integrations.models import BusyTime, CalendarConnection, ConnectedCalendar, WrittenEntry
from crm.integrations.sync.connection_sync import sync_connection
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from tests.integrations.conftest import HOUR, NOW, TUESDAY
from tests.integrations.graph_server import CALENDAR, Graph
from tests.integrations.rest_peer import running

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]


def at(moment: datetime) -> dict[str, str]:
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}


@pytest.fixture
def graph(settings: Any) -> Iterator[Graph]:
    with running(Graph()) as peer:
        settings.MICROSOFT_CLIENT_ID = "throughline"
        settings.MICROSOFT_CLIENT_SECRET = "secret"
        settings.MICROSOFT_LOGIN_URL = peer.origin
        settings.MICROSOFT_GRAPH_URL = f"{peer.origin}/v1.0"
        yield peer


@pytest.fixture
def connection(house: Any, graph: Graph) -> CalendarConnection:
    client = Client()
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/preferences/calendars/"
    there = client.get(f"{url}sign-in/", {"provider": "microsoft"})["Location"]
    back = client.get("/public/calendars/signed-in/", graph.allow(there))
    client.get(back["Location"])
    connection = CalendarConnection.objects.get()
    sync_connection(house.tenant.pk, connection.pk)
    connection.refresh_from_db()
    return connection


@pytest.fixture
def written(connection: CalendarConnection) -> ConnectedCalendar:
    connection.written_sources = ["appointment"]
    connection.save()
    calendar: ConnectedCalendar = connection.calendars.get(remote_id=CALENDAR)
    calendar.choose(is_read=True, keeps_titles=False, is_written=True)
    return calendar


def starts() -> list[datetime]:
    return list(BusyTime.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_an_account_is_connected_by_signing_in(connection: CalendarConnection) -> None:
    assert (connection.state, connection.account) == ("active", "rita@suncoast.example")
    assert connection.calendars.get().is_read


def test_events_and_times_of_repeated_events_are_busy_times(graph: Graph, sync: Sync) -> None:
    graph.put("dentist", start=at(TUESDAY), end=at(TUESDAY + HOUR))
    graph.put("free", start=at(TUESDAY), end=at(TUESDAY + HOUR), showAs="free")
    graph.put("series", type="seriesMaster", showAs="oof", start=at(TUESDAY), end=at(TUESDAY + HOUR))
    for number in (1, 2):
        begins = TUESDAY + timedelta(days=number)
        times = {"start": at(begins), "end": at(begins + HOUR)}
        graph.put(f"series-{number}", type="occurrence", seriesMasterId="series", showAs=None, **times)
    sync()
    assert starts() == [TUESDAY + timedelta(days=number) for number in range(3)]
    graph.delete("series-1")
    moved = TUESDAY + 50 * HOUR
    graph.put("series-2", type="exception", start=at(moved), end=at(moved + HOUR))
    sync()
    assert starts() == [TUESDAY, moved]


def test_a_whole_day_is_one_of_the_members_zone(graph: Graph, sync: Sync) -> None:
    day = datetime(2026, 5, 14)  # noqa: DTZ001
    graph.put("trip", isAllDay=True, start=at(day), end=at(day + timedelta(days=1)))
    sync()
    assert BusyTime.objects.get().starts_at.isoformat() == "2026-05-14T04:00:00+00:00"


def test_an_expired_delta_link_reads_everything(graph: Graph, sync: Sync) -> None:
    graph.put("dentist", start=at(TUESDAY), end=at(TUESDAY + HOUR))
    graph.put("gone", start=at(TUESDAY + 2 * HOUR), end=at(TUESDAY + 3 * HOUR))
    sync()
    graph.delete("gone")
    graph.forgotten = 100
    assert sync().failing_since is None
    assert starts() == [TUESDAY]


def test_the_view_moves_on_with_time(graph: Graph, sync: Sync) -> None:
    sync()
    before = ConnectedCalendar.objects.get().sync_token
    with clock.at(NOW + timedelta(days=40)):
        sync()
    assert ConnectedCalendar.objects.get().sync_token[-30:] > before[-30:]


def test_an_appointment_goes_both_ways(graph: Graph, sync: Sync, written: Any, booked: Appointment) -> None:
    sync()
    event = next(iter(graph.events.values()))
    assert event["subject"] == "Inspection: Cora Customer"
    sync()
    assert graph.changes == [event["id"]]
    assert starts() == []
    graph.put(event["id"], start=at(TUESDAY + 3 * HOUR), end=at(TUESDAY + 4 * HOUR))
    sync()
    booked.refresh_from_db()
    assert booked.starts_at == TUESDAY + 3 * HOUR
    graph.delete(event["id"])
    sync()
    booked.refresh_from_db()
    assert booked.state == "cancelled"


def test_what_moves_here_moves_there(graph: Graph, sync: Sync, written: Any, booked: Appointment, house: Any) -> None:
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita)
    sync()
    event = next(iter(graph.events.values()))
    assert event["start"]["dateTime"] == "2026-05-12T16:00:00"
    booked.cancel("rain", by=house.rita)
    sync()
    assert graph.events == {}


def test_what_was_written_before_the_worker_died_is_written_once(
    graph: Graph, sync: Sync, written: Any, booked: Appointment
) -> None:
    sync()
    WrittenEntry.objects.all().delete()
    sync()
    assert len(graph.events) == 1


def test_a_link_to_another_server_gets_no_token(graph: Graph, sync: Sync) -> None:
    link = "https://evil.example/v1.0/me/next"
    graph.failures = [(200, {"value": [], "@odata.nextLink": link}, {})]
    assert sync().problem == "answer"
