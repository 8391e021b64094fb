"""Somebody whose page is open: holds a ticket, and hears what the live process says."""

import http.client
import json
import socket
import threading
from dataclasses import dataclass, field
from urllib.parse import quote

from crm.platform.events.hint_channel import STREAM
from tests.cast import HOUSE
from tests.survival.servers import HANGS
from tests.survival.visitor import Visitor


def ticket_of(visitor: Visitor, slug: str = HOUSE) -> str:
    """A fresh ticket of this visitor's."""
    return str(json.loads(visitor.get(f"/{slug}/live/ticket/").text)["ticket"])


def ask(port: int, query: str, *, path: str = STREAM, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of a request that gets no stream."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
    try:
        connection.request("GET", f"{path}?{query}", headers=headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


@dataclass
class Ear:
    """A stream, read by a thread of its own until it ends."""

    port: int
    ticket: str
    back: int = 0
    events: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANGS)
        self._connection.request("GET", f"{STREAM}?ticket={quote(self.ticket)}&back={self.back}")
        self._socket = self._connection.sock
        self._response = self._connection.getresponse()
        assert self._response.status == 200, self._response.read()
        self.headers = dict(self._response.getheaders())
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event = ""
        try:
            while line := self._response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                event = value if name == "event" else event
                if name == "data":
                    self.events.append(value if not event else f"{event} {value}")
                    event = ""
        except (OSError, http.client.HTTPException, ValueError):
            pass
        self.ended.set()

    @property
    def topics(self) -> set[str]:
        """All topics heard so far."""
        return {topic for event in self.events for topic in event.split() if not event.startswith(("hello", "beat"))}

    def forget(self) -> None:
        self.events.clear()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self.ended.wait(5)
