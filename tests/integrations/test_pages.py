"""The page of connected calendars: connecting, choosing, reconnecting and disconnecting, each for oneself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.integrations.health import check_calendars
from crm.integrations.models import CalendarConnection, ConnectedCalendar
from crm.kernel import clock
from crm.platform.models import Due
from crm.web.health.snapshot import HealthSnapshot
from crm.web.models import Notice
from tests.integrations.conftest import NOW, TUESDAY
from tests.integrations.radicale_server import Radicale

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]


@pytest.fixture
def rita(house: Any) -> Client:
    client = Client()
    client.force_login(house.rita.user)
    return client


@pytest.fixture
def url(house: Any) -> str:
    return f"/{house.tenant.slug}/preferences/calendars/"


def test_a_caldav_account_is_connected_in_the_background(rita: Client, url: str, server: Radicale) -> None:
    rita.post(url, {"url": server.url, "username": "rita", "password": "app-password"})
    connection = CalendarConnection.objects.get()
    assert connection.state == "connecting"
    assert Due.objects.filter(kind="calendar.sync", subject_id=connection.pk, is_io=True).exists()
    assert "being looked up" in rita.get(url).content.decode()


@pytest.mark.parametrize("address", ["http://10.0.0.1/", "https://169.254.169.254/", "ftp://x.example/"])
def test_a_private_address_is_refused(rita: Client, url: str, address: str) -> None:
    answer = rita.post(url, {"url": address, "username": "rita", "password": "x"})
    assert answer.status_code == 422
    assert not CalendarConnection.objects.exists()


def test_what_is_read_and_written_is_chosen(
    rita: Client, url: str, connection: CalendarConnection, home: ConnectedCalendar
) -> None:
    uid = str(home.uid)
    rita.post(f"{url}{connection.uid}/choose/", {"titles": uid, "written": uid, "sources": ["follow_up", "nonesuch"]})
    home.refresh_from_db()
    connection.refresh_from_db()
    assert (home.is_read, home.keeps_titles, home.is_written) == (False, True, True)
    assert connection.written_sources == ["follow_up"]


def test_the_written_calendar_changes(
    rita: Client, url: str, server: Radicale, sync: Sync, connection: CalendarConnection, written: ConnectedCalendar
) -> None:
    server.add_calendar("work", "Work")
    connection.reconnect(connection.secrets)
    sync()
    work = connection.calendars.get(name="Work")
    rita.post(f"{url}{connection.uid}/choose/", {"written": str(work.uid), "sources": "appointment"})
    assert list(connection.calendars.filter(is_written=True)) == [work]


def test_a_broken_connection_says_since_when_and_is_connected_again(
    rita: Client, url: str, house: Any, sync: Sync, connection: CalendarConnection
) -> None:
    connection.secrets = {"username": "rita", "password": "revoked"}
    connection.save()
    sync()
    page = rita.get(url).content.decode()
    assert "Your calendar has not synchronized since" in page
    assert "The sign-in is refused" in page
    assert Notice.objects.filter(kind="calendar.broken", member=house.rita).count() == 1
    rita.post(f"{url}{connection.uid}/reconnect/", {"password": "app-password"})
    assert sync().state == "active"


def test_a_day_without_an_answer_is_told_once_and_on_the_health_page(house: Any, server: Radicale, sync: Sync) -> None:
    server.stop()
    for hours in (0, 24, 26):
        with clock.at(NOW + timedelta(hours=hours)):
            sync()
    assert Notice.objects.filter(kind="calendar.broken").count() == 1
    with clock.at(NOW + timedelta(hours=26)):
        finding = next(iter(check_calendars(HealthSnapshot())))
    assert finding.state == "soon"
    server.start()


def test_a_colleague_reaches_none_of_it(url: str, house: Any, connection: CalendarConnection) -> None:
    client = Client()
    client.force_login(house.ada.user)
    assert "127.0.0.1" not in client.get(url).content.decode()
    for verb in ("choose", "sync", "reconnect", "disconnect"):
        assert client.post(f"{url}{connection.uid}/{verb}/").status_code == 404


def test_the_calendar_shows_a_private_time_as_busy(
    rita: Client, house: Any, server: Radicale, sync: Sync, home: ConnectedCalendar
) -> None:
    home.choose(is_read=True, keeps_titles=True, is_written=False)
    server.put("dentist", "SUMMARY:Dentist", "DTSTART:20260512T140000Z", "DTEND:20260512T150000Z")
    sync()
    day = f"/{house.tenant.slug}/calendar/?day={TUESDAY:%Y-%m-%d}&who={house.rita.uid}"
    assert "Dentist" in rita.get(day).content.decode()
    mona = Client()
    mona.force_login(house.mona.user)
    page = mona.get(day).content.decode()
    assert "Busy" in page
    assert "Dentist" not in page
