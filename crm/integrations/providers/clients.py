"""The client of a connection, by its provider."""

from zoneinfo import ZoneInfo

from crm.integrations.models import CalendarConnection
from crm.integrations.providers.caldav_client import CalDavClient
from crm.integrations.providers.interface import CalendarClient


def build_client(connection: CalendarConnection, zone: ZoneInfo) -> CalendarClient:
    """Return the client of a connection. `zone`: of times that name none. Raises InvalidToken without the key."""
    return CalDavClient(connection.url, connection.secrets, zone)
