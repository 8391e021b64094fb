"""The heartbeat of the live process, which has no database: it is stored in the cache, and recorded by the sweep."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache

from crm.kernel import clock

KEY = "live:sign"
KEPT_SECONDS = 24 * 3600


class LiveProcessSign(NamedTuple):
    """The time of a heartbeat, and the number of connected browsers by tenant."""

    at: datetime
    connected: dict[int, int]


async def save_sign(connected: dict[int, int]) -> None:
    """Save a heartbeat in the cache; without the cache it is dropped."""
    payload = {"at": clock.now().isoformat(), "connected": {str(pk): count for pk, count in connected.items()}}
    await cache.aset(KEY, payload, timeout=KEPT_SECONDS)


def last_sign() -> LiveProcessSign | None:
    """Return the last heartbeat; None if there is none."""
    payload = cache.get(KEY)
    if not payload:
        return None
    connected = {int(pk): int(count) for pk, count in payload["connected"].items()}
    return LiveProcessSign(datetime.fromisoformat(payload["at"]), connected)
