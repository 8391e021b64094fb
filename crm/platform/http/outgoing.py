"""Send a request to a URL entered by a user: only to the public network, to the checked address.

    answer = post("https://example.com/hook", body, {"Content-Type": "application/json"})

Nothing is followed (a redirect is an answer like any other), no proxy of the environment is asked, no cookie is kept;
the answer is cut off at a size, and the whole call at a time, however slowly the other side drips.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

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


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = WHOLE,
    most: int = LARGEST_ANSWER,
) -> OutgoingResponse:
    """POST to a URL. Raises ForbiddenAddress for a disallowed one, NoAnswer without a response.

    `most`: bytes of the response that are read.

    """
    return _send_request("POST", url, body, headers, seconds, most)


def get(
    url: str, headers: Mapping[str, str] | None = None, *, seconds: float = WHOLE, most: int = LARGEST_ANSWER
) -> OutgoingResponse:
    """GET a URL, and `most` bytes of its answer. Raises as `post` does."""
    return _send_request("GET", url, b"", headers, seconds, most)


def _send_request(
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None,
    seconds: float,
    most: int = LARGEST_ANSWER,
) -> OutgoingResponse:
    try:
        target = resolve_url(url)
    except OSError:
        raise NoAnswer("The host has no address", was_sent=False) from None
    was_sent = False
    with time_limit(seconds), ExitStack() as closing:
        try:
            sock = closing.enter_context(_open_connection(target, seconds))
        except OSError:
            raise NoAnswer("The server could not be reached", was_sent=False) from None
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            was_sent = True
            return _exchange_messages(sock, target, method, body, headers or {}, most)
        except (OSError, http.client.HTTPException):
            raise NoAnswer("The server did not answer", was_sent=was_sent) from None


def _open_connection(target: ResolvedUrl, seconds: float) -> socket.socket:
    """Connect to the checked address. The certificate must match the host name."""
    plain = open_socket(target.ip, target.port)
    plain.settimeout(seconds)
    if target.scheme == "http":
        return plain
    return _tls_context().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)


def _exchange_messages(
    sock: socket.socket, target: ResolvedUrl, method: str, body: bytes, headers: Mapping[str, str], most: int
) -> OutgoingResponse:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    request_headers = {"Host": target.authority, "User-Agent": "Throughline", "Connection": "close"} | dict(headers)
    connection.request(method, target.path, body or None, request_headers)
    response = connection.getresponse()
    response_headers = {name.lower(): value for name, value in response.getheaders()}
    return OutgoingResponse(response.status, response_headers, response.read(most))


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certs.where())
