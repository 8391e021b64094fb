"""Connections to hosts entered by users: to public addresses only, on allowed ports, with a total time limit.

    with time_limit(60) as limit:
        sock = connect("imap.example.com", 993, ports=IMAP_PORTS)

The DNS is asked once, and the address that was checked is the one connected to; TLS asks for the host's own name.
"""

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Self

from django.conf import settings
from django.utils.translation import gettext as _

from crm.platform.http.public_address import ForbiddenAddress, is_public, public_addresses

# Seconds to connect to one address, and how many addresses of a host are tried.
CONNECT_SECONDS = 5
MOST_ADDRESSES = 4
LONGEST_HOST = 253


class TimeLimit:
    """A total time limit for connections: a socket's timeout restarts with each byte received."""

    def __init__(self, seconds: float, outer: "TimeLimit | None" = None) -> None:
        self.ends = time.monotonic() + seconds
        self.outer = outer
        self.was_reached = False
        self._lock = threading.Lock()
        self._copies: list[socket.socket] = []

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when it is over."""
        left = max(self.ends - time.monotonic(), 0)
        if self.outer:
            return min(left, self.outer.left)
        return left

    def watch(self, sock: socket.socket) -> None:
        """Shut this connection down at the time limit. A duplicate is kept, as the original may be wrapped in TLS."""
        # Not sock.dup(), which a TLS socket refuses.
        copy = socket.socket(fileno=os.dup(sock.fileno()))
        with self._lock:
            self._copies.append(copy)
        if not self.left:
            self._cut_connections()
        if self.outer:
            self.outer.watch(sock)

    def _cut_connections(self) -> None:
        with self._lock:
            self.was_reached = True
            if self.outer:
                self.outer.was_reached = True
            for copy in self._copies:
                with suppress(OSError):
                    copy.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer = threading.Timer(self.left, self._cut_connections)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:
            for copy in self._copies:
                copy.close()
            self._copies.clear()


_current: ContextVar[TimeLimit | None] = ContextVar("time_limit", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[TimeLimit]:
    """End every connection opened inside this block after so many seconds, or with the limit around it."""
    outer = _current.get()
    with TimeLimit(seconds, outer) as limit:
        token = _current.set(limit)
        try:
            yield limit
        finally:
            _current.reset(token)


def check_server(host: str, port: int, ports: Collection[int]) -> str:
    """Validate a server name without a DNS query, and return it normalized.

    Raises ForbiddenAddress for what is no name, for a private address, and for a port of another service.
    """
    name = host.strip().removeprefix("[").removesuffix("]").rstrip(".").lower()
    if not name or len(name) > LONGEST_HOST or not name.isprintable() or any(sign in name for sign in " /\\@%"):
        raise ForbiddenAddress(_("This is not a valid host name"))
    if name in settings.PRIVATE_HOSTS:
        return name
    if port not in ports:
        raise ForbiddenAddress(_("This port is not allowed"))
    with suppress(ValueError):
        if not is_public(ipaddress.ip_address(name)):
            raise ForbiddenAddress(_("This address is in a private network"))
    return name


def connect_to_host(host: str, port: int, *, ports: Collection[int]) -> socket.socket:
    """Connect to a host at a checked address. Raises ForbiddenAddress, or OSError without an answer."""
    name = check_server(host, port, ports)
    addresses = public_addresses(name, port)[:MOST_ADDRESSES]
    for address in addresses[:-1]:
        with suppress(OSError):
            return open_socket(str(address), port)
    return open_socket(str(addresses[-1]), port)


def open_socket(ip: str, port: int) -> socket.socket:
    """Connect to a checked address within the current time limit."""
    limit = _current.get()
    if limit:
        seconds = min(CONNECT_SECONDS, limit.left)
    else:
        seconds = CONNECT_SECONDS
    if not seconds:
        raise TimeoutError
    sock = socket.create_connection((ip, port), timeout=seconds)
    # Without it the system keeps a request's body back until its header is acknowledged, which takes 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if limit:
        limit.watch(sock)
    return sock
