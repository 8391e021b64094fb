"""Advance the clocks of due rows in batches: cross an instant, or end a pause."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from crm.jobs.clock.clocked import Side
from crm.jobs.clock.crossings import CLOCK, crossing_facts, last_crossed, schedule
from crm.jobs.clock.pausable import Pausable
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.work import due


def register(model: type[Pausable]) -> None:
    """Register the handler of a model's due clock work: "job.clock"."""
    due.handler(model.event_kind(CLOCK))(partial(cross, model))


def cross(model: type[Pausable], ids: Sequence[int]) -> None:
    """Update the level of due rows and record their crossings; resume pauses that end."""
    now = clock.now()
    rows: list[Any] = model.lock_all(model.objects.filter(pk__in=ids))
    for row in rows:
        if row.side == Side.PAUSED and row.pause_ends_at and row.pause_ends_at <= now:
            row.resume(by=None)
    running = [row for row in rows if row.is_open and row.is_running and row.side != Side.PAUSED]
    seen = last_crossed(running)
    facts = [fact for row in running for fact in crossing_facts(row, seen[row.pk], now)]
    for row in running:
        row.level = row.level_at(now)
    bulk_write.save_all(running, ["level"])
    events.record_all(facts, by=None)
    schedule(running, now)
