"""Heartbeats of the installation's parts, a row a minute each, with queue delays; kept for a day.

Each part writes its own when it has done its work; silence is what the pages and the alarm go by.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from crm.kernel import clock
from crm.platform.health import live_sign
from crm.platform.health.measurement import Heartbeat

TICK = "tick"
SWEEP = "sweep"
LIVE = "live"
# Of a queue of the broker, by its name: some worker takes work from it.
WORKER = "worker:"
# How long the oldest row waits that could run: of what is done here, and of what calls others.
WAIT_HERE = "wait:here"
WAIT_OUT = "wait:out"
KEPT = timedelta(hours=25)
SHOWN = timedelta(hours=1)
# So far the clocks of two machines may be apart; a sign further ahead is of a clock that was set back since.
CLOCKS_DIFFER = timedelta(seconds=1)
# A worker's process notes a sign this often at most, in seconds.
SELDOM = 15
_noted_at: dict[str, float] = {}


@dataclass
class PartHeartbeats:
    """A part's last heartbeat, and the number of heartbeats in each of the last minutes."""

    last: datetime | None = None
    minutes: dict[datetime, int] = field(default_factory=dict)


def note_heartbeat(part: str, *, wait: timedelta = timedelta(), at: datetime | None = None) -> None:
    """Record a heartbeat of a part, or how long work has waited."""
    at = at or clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into platform_heartbeat as beat (part, minute, at, count, worst) values (%s, %s, %s, 1, %s)
               on conflict (part, minute) do update
               set at = greatest(beat.at, excluded.at), count = beat.count + 1,
                   worst = greatest(beat.worst, excluded.worst)""",
            [part, at.replace(second=0, microsecond=0), at, min(round(wait.total_seconds() * 1000), 2**31 - 1)],
        )


def note_seldom(part: str) -> None:
    """`note`, at most every few seconds of this process: for what happens all the time."""
    now = time.monotonic()
    if now - _noted_at.get(part, -SELDOM) >= SELDOM:
        _noted_at[part] = now
        note_heartbeat(part)


def note_live() -> None:
    """Record the last heartbeat of the live process, which has no database."""
    if sign := live_sign.last_sign():
        note_heartbeat(LIVE, at=sign.at)


def delete_old_heartbeats() -> None:
    """Delete heartbeats older than 25 hours."""
    Heartbeat.objects.filter(minute__lt=clock.now() - KEPT).delete()


def heartbeats_by_part() -> dict[str, PartHeartbeats]:
    """Return the heartbeats of all parts by name: the last one within a day, and counts by minute of the last hour."""
    by_part: dict[str, PartHeartbeats] = {}
    since = clock.now() - SHOWN
    rows = _heartbeat_rows().order_by("part", "-minute").distinct("part")
    for part, last in rows.values_list("part", "at"):
        by_part[part] = PartHeartbeats(last)
    for part, minute, count in _heartbeat_rows().filter(minute__gte=since).values_list("part", "minute", "count"):
        by_part[part].minutes[minute] = count
    return by_part


def last_signs(parts: Iterable[str]) -> dict[str, datetime]:
    """Return the time of each part's last heartbeat; parts without one within a day are missing."""
    rows = _heartbeat_rows().filter(part__in=list(parts)).order_by("part", "-minute").distinct("part")
    return dict(rows.values_list("part", "at"))


def is_ahead(at: datetime) -> bool:
    """Tell whether a heartbeat lies in the future, as the clock was set back; it is no proof of life."""
    return at > clock.now() + CLOCKS_DIFFER


def _heartbeat_rows() -> QuerySet[Heartbeat]:
    return Heartbeat.objects.filter(at__lte=clock.now() + CLOCKS_DIFFER)
