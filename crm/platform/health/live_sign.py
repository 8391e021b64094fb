"""The sign of life of the live process, which has no database: it stands in the cache; the sweep notes it."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache

from crm.kernel import clock

KEY = "live:sign"
KEPT_SECONDS = 24 * 3600


class LiveProcessSign(NamedTuple):
    """When it was given, and how many browsers of which tenant were connected."""

    at: datetime
    connected: dict[int, int]


async def save_sign(connected: dict[int, int]) -> None:
    """Give a sign; a dead cache drops it, which is what it is to tell."""
    payload = {"at": clock.now().isoformat(), "connected": {str(pk): count for pk, count in connected.items()}}
    await cache.aset(KEY, payload, timeout=KEPT_SECONDS)


def last_sign() -> LiveProcessSign | None:
    """Return the last sign; None where nobody knows of one."""
    payload = cache.get(KEY)
    if not payload:
        return None
    connected = {int(pk): int(count) for pk, count in payload["connected"].items()}
    return LiveProcessSign(datetime.fromisoformat(payload["at"]), connected)
