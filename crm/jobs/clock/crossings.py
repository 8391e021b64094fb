"""Record the instants a clock has passed as events, each once and with its own time; schedule the next as a Due.

A tick finds a crossing when its time comes (tick.py), an edit or a verb when it makes the clock run short.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from crm.jobs.clock.arithmetic import CROSSINGS, Level
from crm.jobs.clock.clocked import Clocked
from crm.platform.events.events import EventDraft
from crm.platform.models import Event
from crm.platform.work import due

# The kind of the Due that holds the next crossing: "job.clock".
CLOCK = "clock"
LEVELS = tuple(zip((Level.SOON, Level.LATE, Level.CRIT), CROSSINGS, strict=True))


def schedule(rows: Sequence[Clocked], after: datetime) -> None:
    """Schedule one Due per clock: its next crossing, or the end of its pause; none if neither will happen.

    All rows are of one model.
    """
    if rows:
        type(rows[0]).save_parts(rows)
        kind = rows[0].event_kind(CLOCK)
        crossings = {row.pk: row.next_crossing(after) if row.is_open else None for row in rows}
        due.schedule_all(kind, [(pk, at) for pk, at in crossings.items() if at is not None])
        due.cancel(kind, [pk for pk, at in crossings.items() if at is None])


def crossing_facts(row: Clocked, seen: int, now: datetime) -> list[EventDraft]:
    """List the crossings beyond the recorded level `seen`, each with its own time; none while the clock is stopped.

    A clock that runs on from before the row's present stay crossed nothing of it earlier than that.
    """
    instants = zip(row.instants, LEVELS, strict=True) if row.instants else ()
    return [
        EventDraft(
            row.event_kind(name), row, row.crossing_data(), job_id=row.event_job_id, at=max(at, row.counted_since)
        )
        for at, (level, name) in instants
        if at <= now and level < seen
    ]


def last_crossed(rows: Iterable[Clocked]) -> dict[int, int]:
    """Read the worst level already recorded for each row's clock, before other changes. Rows of one model."""
    levels: dict[int, int] = {}
    untold: dict[int, Clocked] = {}
    for row in rows:
        levels[row.pk] = row.level
        # The level of a row without status, or on hold, can't tell.
        if row.level in (Level.NONE, Level.HOLD):
            levels[row.pk], untold[row.pk] = Level.OK, row
    if untold:
        model = type(next(iter(untold.values())))
        worst = {model.event_kind(name): level for level, name in LEVELS}
        since = min(row.counted_since for row in untold.values())
        recorded = Event.objects.filter(subject_kind=model._meta.label_lower, subject_id__in=untold)
        crossings = recorded.filter(kind__in=worst, at__gte=since)
        for pk, kind, at, data in crossings.values_list("subject_id", "kind", "at", "data"):
            if _is_of_present_clock(untold[pk], at, data):
                levels[pk] = min(levels[pk], worst[kind])
    return levels


def _is_of_present_clock(row: Clocked, at: datetime, data: dict[str, Any]) -> bool:
    """Return True if a crossing belongs to the clock's current count and side (us, customer), also if paused."""
    present = row.crossing_data() | {"side": row.paused_from or row.side}
    return at >= row.counted_since and present.items() <= data.items()
