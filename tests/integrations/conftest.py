"""Rita's calendar on a real CalDAV server, and a Monday on which all clocks stand still."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.integrations.models import CalendarConnection, ConnectedCalendar
from crm.integrations.sync.connection_sync import sync_connection
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.integrations.radicale_server import PASSWORD, USER, Radicale, radicale

# Monday morning in New York, and Tuesday, ten o'clock there.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 12, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def expire_token() -> None:
    """Have the server no longer know the token of the one calendar that is read."""
    calendar = ConnectedCalendar.objects.exclude(sync_token="").get()
    until, _space, token = calendar.sync_token.partition(" ")
    calendar.sync_token = f"{until} {token[:-64]}{'0' * 64}"
    calendar.save()


@pytest.fixture
def house(cast: Cast, settings: Any) -> Iterator[Any]:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Radicale]:
    with radicale(tmp_path) as running:
        yield running


@pytest.fixture
def connection(house: Any, server: Radicale) -> CalendarConnection:
    """Rita's account, connected; its calendar Home is read."""
    secrets = {"username": USER, "password": PASSWORD}
    connection = CalendarConnection.connect(house.rita, "caldav", secrets, account=USER, url=server.url)
    sync_connection(house.tenant.pk, connection.pk)
    connection.refresh_from_db()
    return connection


@pytest.fixture
def home(connection: CalendarConnection) -> ConnectedCalendar:
    return connection.calendars.get(name="Home")


@pytest.fixture
def sync(house: Any, connection: CalendarConnection) -> Callable[[], CalendarConnection]:
    """Synchronize once, and return the connection as it is then."""

    def run() -> CalendarConnection:
        sync_connection(house.tenant.pk, connection.pk)
        connection.refresh_from_db()
        return connection

    return run


@pytest.fixture
def written(connection: CalendarConnection, home: ConnectedCalendar) -> ConnectedCalendar:
    """Home, to which Rita's appointments and follow-ups are written."""
    connection.written_sources = ["appointment", "follow_up"]
    connection.save()
    home.choose(is_read=True, keeps_titles=False, is_written=True)
    return home


@pytest.fixture
def visit(house: Any) -> AppointmentType:
    return AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=30)


@pytest.fixture
def booked(house: Any, visit: AppointmentType) -> Appointment:
    """Rita inspects at Cora's on Tuesday, from ten to eleven."""
    return Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.rita)
