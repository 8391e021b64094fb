"""The hub by itself: what a connection is told, how much may wait for it, and a reader that does not read."""

import asyncio
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.platform.events.hint_channel import STREAM, issue_ticket, read_ticket
from crm.web.live import app
from crm.web.live.app import LiveApp
from crm.web.live.hub import KEPT_SECONDS, MOST_OF_A_MEMBER, MOST_WAITING, Hub

JOBS, IMPORTS = frozenset({"jobs"}), frozenset({"imports"})


def ticket(tenant: int = 1, member: int = 1) -> Any:
    return read_ticket(issue_ticket(tenant, member))


def test_topics_that_wait_are_told_once_and_too_many_as_everything() -> None:
    hub = Hub()
    hub.mark_connected()
    listener, other = hub.join(ticket()), hub.join(ticket(2))
    assert listener
    assert other
    listener.take()
    other.take()
    for _ in range(50):
        hub.broadcast_hint(1, JOBS)
    assert listener.take() == ["jobs"]
    for at in range(MOST_WAITING + 1):
        hub.broadcast_hint(1, frozenset({f"job:{at}"}))
    assert listener.take() == ["*"]
    assert other.take() == []
    hub.leave(listener)
    hub.broadcast_hint(1, JOBS)
    assert listener.take() == []


def test_a_page_is_told_what_it_missed() -> None:
    hub, now = Hub(), clock.now()
    with clock.at(now):
        hub.mark_connected()
    with clock.at(now + timedelta(seconds=10)):
        hub.broadcast_hint(1, IMPORTS)
    with clock.at(now + timedelta(seconds=20)):
        hub.broadcast_hint(1, JOBS)
        hub.broadcast_hint(2, IMPORTS)
        made, made_before = hub.join(ticket()), hub.join(ticket(), back=9)
        assert made
        assert made_before
        assert (made.take(), made_before.take()) == (["jobs"], ["imports", "jobs"])
        unknown = hub.join(ticket(), back=60)
        assert unknown
        assert unknown.take() == ["*"]
    with clock.at(now + timedelta(seconds=20 + KEPT_SECONDS)):
        hub.broadcast_hint(1, IMPORTS)  # what is older than a minute is no longer known
        long_ago = hub.join(ticket(), back=KEPT_SECONDS + 10)
        assert long_ago
        assert long_ago.take() == ["*"]


def test_with_the_broker_away_nobody_is_told_and_then_everybody() -> None:
    hub = Hub()
    listener = hub.join(ticket())
    assert listener
    assert listener.take() == []
    hub.mark_connected()
    assert listener.take() == ["*"]


def test_one_member_has_so_many_connections() -> None:
    hub = Hub()
    joined = [hub.join(ticket()) for _ in range(MOST_OF_A_MEMBER + 1)]
    assert joined[-1] is None
    assert None not in joined[:-1]
    assert hub.join(ticket(1, 2)) is not None
    assert hub.join(ticket(2, 1)) is not None


def test_a_reader_that_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PATIENCE", 0.2)
    hub = Hub()
    hub.mark_connected()

    async def receive() -> MutableMapping[str, Any]:
        return await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Future()  # the buffer is full, for ever

    scope = {
        "type": "http",
        "method": "GET",
        "path": STREAM,
        "headers": [],
        "query_string": f"ticket={issue_ticket(1, 1)}".encode(),
    }

    async def serve() -> None:
        async with asyncio.timeout(30):
            await LiveApp(hub, "http://localhost:8000")(scope, receive, send)

    # Not in this thread, where a browser's loop may run.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, serve()).result()
    assert hub._listeners == {}
