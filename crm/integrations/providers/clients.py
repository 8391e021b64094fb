"""The client of a connection, by its provider."""

from zoneinfo import ZoneInfo

from crm.integrations.models import CalendarConnection, CalendarProblem, CalendarProvider
from crm.integrations.providers.caldav_client import CalDavClient
from crm.integrations.providers.google import GoogleClient
from crm.integrations.providers.interface import CalendarClient, CalendarError
from crm.integrations.providers.microsoft import MicrosoftClient
from crm.integrations.providers.oauth import oauth_provider


def build_client(connection: CalendarConnection, zone: ZoneInfo) -> CalendarClient:
    """Return the client of a connection. `zone`: of times that name none.

    Raises InvalidToken without the encryption key, CalendarError if the installation has no credentials any more.
    """
    if connection.provider == CalendarProvider.CALDAV:
        return CalDavClient(connection.url, connection.secrets, zone)
    provider = oauth_provider(connection.provider)
    if provider is None:
        raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False)
    if connection.provider == CalendarProvider.GOOGLE:
        return GoogleClient(provider, connection.secrets, zone)
    return MicrosoftClient(provider, connection.secrets, zone)
