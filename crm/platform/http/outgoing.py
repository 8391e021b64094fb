"""Send a request to a URL entered by a user: only to the public network, to the checked address.

    answer = post("https://example.com/hook", body, {"Content-Type": "application/json"})

Nothing is followed (a redirect is an answer like any other), no proxy of the environment is asked, no cookie is kept;
the answer is cut off at a size, and the whole call at a time, however slowly the other side drips. Requests to one URL
may share a connection.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from requests import certs

from crm.platform.http.guarded_connection import open_socket, time_limit
from crm.platform.http.public_address import ResolvedUrl, resolve_url

# Seconds for the whole call.
WHOLE = 20
LARGEST_ANSWER = 64 << 10


class NoAnswer(Exception):
    """The call ended without an answer. `was_sent`: whether the other side may have the request."""

    def __init__(self, words: str, *, was_sent: bool) -> None:
        super().__init__(words)
        self.was_sent = was_sent


@dataclass(frozen=True)
class OutgoingResponse:
    """A response: its status, headers by lower-case name, and the first bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class KeptConnection:
    """A connection for requests to one URL, one after another. `with` closes it.

    The other side may have closed it since the last request. Then the next one is sent again over a new connection, so
    it may arrive twice: only for requests whose receiver recognizes a second one.
    """

    def __init__(self) -> None:
        self._open: dict[str, _OpenConnection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for _target, connection in self._open.values():
            connection.close()

    def keep(self, url: str, opened: "_OpenConnection") -> None:
        """Keep an open connection for the next request to this URL."""
        self._open[url] = opened

    def take(self, url: str) -> "_OpenConnection | None":
        """Return the open connection for one request; it is kept no longer. None if there is none."""
        return self._open.pop(url, None)


_OpenConnection = tuple[ResolvedUrl, http.client.HTTPConnection]


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = WHOLE,
    most: int = LARGEST_ANSWER,
    kept: KeptConnection | None = None,
) -> OutgoingResponse:
    """POST to a URL. Raises ForbiddenAddress for a disallowed one, NoAnswer without a response.

    `most`: bytes of the response that are read. `kept`: the connection that this request shares with others.
    """
    request = _OutgoingRequest("POST", url, body, headers or {}, most, kept)
    if kept and (opened := kept.take(url)):
        response = _send_over(opened, request, seconds)
        if response:
            return response
    return _send_request(request, seconds)


def get(
    url: str, headers: Mapping[str, str] | None = None, *, seconds: float = WHOLE, most: int = LARGEST_ANSWER
) -> OutgoingResponse:
    """GET a URL, and `most` bytes of its answer. Raises as `post` does."""
    return _send_request(_OutgoingRequest("GET", url, b"", headers or {}, most), seconds)


@dataclass(frozen=True)
class _OutgoingRequest:
    """A request, how many bytes of its answer are read, and where its connection is kept."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    most: int = LARGEST_ANSWER
    kept: KeptConnection | None = None


def _send_request(request: _OutgoingRequest, seconds: float) -> OutgoingResponse:
    """Send a request over a new connection."""
    try:
        target = resolve_url(request.url)
    except OSError:
        raise NoAnswer("The host has no address", was_sent=False) from None
    was_sent = False
    with time_limit(seconds):
        try:
            sock = _open_connection(target, seconds)
        except OSError:
            raise NoAnswer("The server could not be reached", was_sent=False) from None
        connection = http.client.HTTPConnection(target.host, target.port)
        # Never opened by itself: only the checked address is connected to.
        connection.auto_open = 0
        connection.sock = sock
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            was_sent = True
            return _exchange_messages((target, connection), request)
        except (OSError, http.client.HTTPException):
            connection.close()
            raise NoAnswer("The server did not answer", was_sent=was_sent) from None


def _send_over(opened: _OpenConnection, request: _OutgoingRequest, seconds: float) -> OutgoingResponse | None:
    """Send a request over a connection that was kept. None if the other side has closed it."""
    _target, connection = opened
    with time_limit(seconds) as limit:
        limit.watch(connection.sock)
        try:
            return _exchange_messages(opened, request)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if isinstance(error, ConnectionError) and not limit.was_reached:
                return None
            raise NoAnswer("The server did not answer", was_sent=True) from None


def _open_connection(target: ResolvedUrl, seconds: float) -> socket.socket:
    """Connect to the checked address. The certificate must match the host name."""
    plain = open_socket(target.ip, target.port)
    plain.settimeout(seconds)
    if target.scheme == "http":
        return plain
    return _tls_context().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)


def _exchange_messages(opened: _OpenConnection, request: _OutgoingRequest) -> OutgoingResponse:
    """Send a request and read its answer. Keeps the connection, or closes it."""
    target, connection = opened
    headers = {"Host": target.authority, "User-Agent": "Throughline"}
    if request.kept is None:
        headers["Connection"] = "close"
    connection.request(request.method, target.path, request.body or None, headers | dict(request.headers))
    response = connection.getresponse()
    response_headers = {name.lower(): value for name, value in response.getheaders()}
    answer = OutgoingResponse(response.status, response_headers, response.read(request.most))
    if request.kept and connection.sock and response.isclosed():
        request.kept.keep(request.url, opened)
    else:
        connection.close()
    return answer


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certs.where())
