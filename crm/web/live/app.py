"""The ASGI app of live updates: a page with a valid ticket gets a Server-Sent Events stream of topic names.

No cookies, no database, no data: who holds a ticket was let in by a guarded page a few minutes ago.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from crm.kernel.whole_numbers import read_number
from crm.platform.events.hint_channel import STREAM, LiveTicket, read_ticket
from crm.web.live.hub import KEPT_SECONDS, Hub, Listener

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Seconds: between signs of life; until a reader must have taken a line; and what is gathered into one.
BEAT = 20
PATIENCE = 10
GATHER = 0.1
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
HEALTH = b'{"app": "throughline", "ok": true}'


class LiveApp:
    """Streams the hub's hints to pages of one origin."""

    def __init__(self, hub: Hub, origin: str) -> None:
        self.hub = hub
        self.origin = origin

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if scope["path"] == "/healthz":
            await _send_response(send, 200, HEALTH, (b"content-type", b"application/json"))
        elif scope["path"] != STREAM:
            await _send_response(send, 404, b"Nothing is here.\n")
        elif scope["method"] != "GET":
            await _send_response(send, 405, b"Only GET.\n", (b"allow", b"GET"))
        elif origin and origin != self.origin:
            await _send_response(send, 403, b"Not for pages of another site.\n")
        else:
            await self._stream_to(scope, receive, send)

    async def _stream_to(self, scope: Message, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        ticket = read_ticket(query.get("ticket", [""])[0])
        if ticket is None:
            await _send_response(send, 401, b"No ticket, or one that has run out.\n")
            return
        listener = self.hub.join(ticket, _parse_back(query.get("back", [""])[0]))
        if listener is None:
            await _send_response(send, 429, b"Too many connections.\n", (b"retry-after", b"60"))
            return
        watching = asyncio.create_task(_close_when_gone(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self._stream_headers()})
            await _stream_events(listener, ticket, send)
        except TimeoutError:
            logger.info("dropped a reader that does not read")
        finally:
            self.hub.leave(listener)
            watching.cancel()

    def _stream_headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-accel-buffering", b"no"),
            (b"access-control-allow-origin", self.origin.encode("latin-1")),
            (b"vary", b"Origin"),
        ]


async def _stream_events(listener: Listener, ticket: LiveTicket, send: Send) -> None:
    """Send events until the ticket expires, the page disconnects or the process ends. TimeoutError: a slow reader."""
    line = f"event: hello\ndata: {ticket.seconds_left:.0f}\n\n"
    while not listener.closed and (left := ticket.seconds_left) > 0:
        if line:
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
        try:
            async with asyncio.timeout(min(BEAT, left)):
                await listener.woken.wait()
        except TimeoutError:
            line = "event: beat\ndata: 1\n\n"
        else:
            await asyncio.sleep(GATHER)
            topics = listener.take()
            line = ""
            if topics:
                line = f"data: {' '.join(topics)}\n\n"
    async with asyncio.timeout(PATIENCE):
        await send({"type": "http.response.body", "body": b""})


async def _close_when_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


def _parse_back(text: str) -> float:
    """Parse how many seconds ago the page last received data; a very long time if invalid."""
    seconds = read_number(text or "0", most=99_999)
    if seconds is None:
        return 2 * KEPT_SECONDS
    return seconds


async def _send_response(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    if any(name == b"content-type" for name, _ in headers):
        all_headers = headers
    else:
        all_headers = (PLAIN, *headers)
    await send({"type": "http.response.start", "status": status, "headers": list(all_headers)})
    await send({"type": "http.response.body", "body": body})
