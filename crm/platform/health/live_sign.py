"""The sign of life of the live process, which has no database: it stands in the cache; the sweep notes it."""

from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache

from crm.kernel import clock

KEY = "live:sign"
KEPT_SECONDS = 24 * 3600


class Sign(NamedTuple):
    """When it was given, and how many browsers of which tenant were connected."""

    at: datetime
    connected: dict[int, int]


async def give(connected: dict[int, int]) -> None:
    """Give a sign; a dead cache drops it, which is what it is to tell."""
    told = {"at": clock.now().isoformat(), "connected": {str(pk): count for pk, count in connected.items()}}
    await cache.aset(KEY, told, timeout=KEPT_SECONDS)


def last() -> Sign | None:
    """Return the last sign; None where nobody knows of one."""
    told = cache.get(KEY)
    if not told:
        return None
    connected = {int(pk): int(count) for pk, count in told["connected"].items()}
    return Sign(datetime.fromisoformat(told["at"]), connected)
