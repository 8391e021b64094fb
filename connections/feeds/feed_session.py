"""FeedSession: requests to the addresses of a feed, with its key; errors as RemoteError."""

from typing import Any

import requests

from connections.models import Connection, ConnectionProblem
from connections.system_kinds import RemoteError
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.http.public_address import ForbiddenAddress


class FeedSession:
    """Sends requests with the key of a connection, to public addresses only."""

    def __init__(self, key: str) -> None:
        self._session = GuardedSession()
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    def send_request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send a request. Raises RemoteError without an answer, or for an address that may not be reached."""
        try:
            return self._session.request(method, url, allow_redirects=False, **options)
        except ForbiddenAddress as error:
            raise RemoteError(ConnectionProblem.ADDRESS, is_passing=False) from error
        except requests.RequestException as error:
            raise RemoteError(ConnectionProblem.UNREACHABLE, is_passing=True) from error


def open_session(connection: Connection) -> FeedSession:
    """Return a session with the key of a connection. Raises InvalidToken without the encryption key."""
    return FeedSession(str(connection.secrets.get("key", "")))
