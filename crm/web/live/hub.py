"""Open connections by tenant and recent hints. Each hint is sent as one event to every open page."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable

from crm.kernel import clock
from crm.platform.events.hint_channel import EVERYTHING, LiveTicket

# Seconds for which a hint is kept for pages that were just being made, and how many at most.
KEPT_SECONDS = 60
KEPT = 20_000
# Topics a slow reader may have waiting; beyond that it is told "everything".
MOST_WAITING = 100
# Connections of one member: browsers, for a browser's tabs share one.
MOST_OF_A_MEMBER = 25
# Web and live process may differ by so many seconds in what time it is.
SKEW = 2


class Listener:
    """One connection, with the topics not yet sent to it."""

    def __init__(self, ticket: LiveTicket) -> None:
        self.ticket = ticket
        self.closed = False
        self.woken = asyncio.Event()
        self._waiting: set[str] = set()

    def add_topics(self, topics: Iterable[str]) -> None:
        self._waiting.update(topics)
        if len(self._waiting) > MOST_WAITING or EVERYTHING in self._waiting:
            self._waiting = {EVERYTHING}
        self.woken.set()

    def take(self) -> list[str]:
        """Return the waiting topics, and clear them."""
        self.woken.clear()
        taken = sorted(self._waiting)
        self._waiting = set()
        return taken

    def close(self) -> None:
        self.closed = True
        self.woken.set()


class Hub:
    """The connections of all tenants. Everything here runs in one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[Listener]] = defaultdict(set)
        self._recent: deque[tuple[float, int, frozenset[str]]] = deque()
        # From when on no hint is missing here, in seconds since 1970; None while the broker is away.
        self._complete_since: float | None = None

    def join(self, ticket: LiveTicket, back: float = 0) -> Listener | None:
        """Add a connection and send it the hints since its page was rendered, less `back` seconds. None: too many."""
        others = self._listeners[ticket.tenant_id]
        if sum(other.ticket.member_id == ticket.member_id for other in others) >= MOST_OF_A_MEMBER:
            return None
        listener = Listener(ticket)
        others.add(listener)
        start = ticket.issued - back
        # With the broker away nothing can be told; once it is back, everybody asks.
        if self._complete_since is not None and start < self._complete_since:
            listener.add_topics([EVERYTHING])
        else:
            recent = (
                topics for at, tenant, topics in self._recent if tenant == ticket.tenant_id and at >= start - SKEW
            )
            missed = list(recent)
            if missed:
                listener.add_topics(frozenset().union(*missed))
        return listener

    def leave(self, listener: Listener) -> None:
        others = self._listeners[listener.ticket.tenant_id]
        others.discard(listener)
        if not others:
            del self._listeners[listener.ticket.tenant_id]

    def broadcast_hint(self, tenant_id: int, topics: frozenset[str]) -> None:
        """Send a hint to the tenant's connections."""
        now = clock.now().timestamp()
        self._recent.append((now, tenant_id, topics))
        while self._recent[0][0] < now - KEPT_SECONDS or len(self._recent) > KEPT:
            self._complete_since = max(self._complete_since or now, self._recent.popleft()[0])
        for listener in self._listeners.get(tenant_id, ()):
            listener.add_topics(topics)

    def mark_connected(self) -> None:
        """Record that the broker is connected. Hints may have been missed, so every page refreshes once."""
        self._complete_since = clock.now().timestamp()
        self._recent.clear()
        for listener in self._all_listeners():
            listener.add_topics([EVERYTHING])

    def mark_disconnected(self) -> None:
        """Record that the broker is disconnected."""
        self._complete_since = None

    def close(self) -> None:
        """Close all connections."""
        for listener in self._all_listeners():
            listener.close()

    def count_connections(self) -> dict[int, int]:
        """Return how many connections each tenant has."""
        return {tenant_id: len(listeners) for tenant_id, listeners in self._listeners.items()}

    def _all_listeners(self) -> list[Listener]:
        return [listener for group in self._listeners.values() for listener in group]
