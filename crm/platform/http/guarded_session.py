"""A `requests` session for addresses entered by users: public addresses only, nothing of the environment, a size limit.

For libraries and REST clients that need a session; `outgoing.py` sends single requests without one. Each connection is
checked as it is opened, so a redirect or a link in an answer cannot lead to a private address either.
"""

import socket
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from crm.platform.http.guarded_connection import open_socket
from crm.platform.http.public_address import check_url, public_addresses

SECONDS = 20
LARGEST_ANSWER = 16 << 20


class OversizedAnswer(requests.RequestException):
    """The answer is larger than the session accepts."""


def _open_checked(connection: HTTPConnection) -> socket.socket:
    """Connect to the checked address of a connection's host. Raises ForbiddenAddress."""
    try:
        addresses = public_addresses(connection.host.rstrip("."), connection.port)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    try:
        sock = open_socket(str(addresses[0]), connection.port)
    except OSError as error:
        raise NewConnectionError(connection, "The server could not be reached") from error
    sock.settimeout(SECONDS)
    return sock


class _GuardedHttp(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _open_checked(self)


class _GuardedHttps(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _open_checked(self)


class _GuardedHttpPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHttp


class _GuardedHttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _GuardedHttpPool, "https": _GuardedHttpsPool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        check_url(request.url or "")
        return super().send(request, *args, **kwargs)


class GuardedSession(requests.Session):
    """A session that reaches public addresses only. Proxies, netrc and cookies of the environment are not used."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = "Throughline"
        self.headers.update(headers or {})
        self.max_redirects = 3
        for scheme in ("http://", "https://"):
            self.mount(scheme, _GuardedAdapter(pool_maxsize=1))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request and read at most the allowed size. Raises ForbiddenAddress, or requests' exceptions."""
        kwargs["stream"] = True
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = SECONDS
        response = super().send(request, **kwargs)
        body = bytearray()
        for chunk in response.iter_content(64 << 10):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise OversizedAnswer("the answer is too large", response=response)
        response._content = bytes(body)
        return response
