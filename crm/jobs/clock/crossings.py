"""What a clock has crossed: the facts of it, each once, at its own instant, whoever finds that it was crossed.

A tick finds it when the time comes (ageing.py), an edit or a verb when it makes the clock run short. And what it
crosses next, for the tick.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm.jobs.clock.arithmetic import KINDS, Level
from crm.platform.database.write_batch import Ledger
from crm.platform.events.events import Fact
from crm.platform.models import Event
from crm.platform.work import due

if TYPE_CHECKING:
    from crm.jobs.models import Job

CLOCK = "job.clock"
CROSSINGS = tuple(zip((Level.SOON, Level.LATE, Level.CRIT), KINDS, strict=True))
_WORST = {kind: level for level, kind in CROSSINGS}


def schedule(jobs: Iterable["Job"], after: datetime, *, into: Ledger | None = None) -> None:
    """One Due per job for its clock: when it crosses next, or its pause ends; none where nothing will happen."""
    crossings = {job.pk: job.next_crossing(after) if job.is_open else None for job in jobs}
    due.schedule_all(CLOCK, [(pk, at) for pk, at in crossings.items() if at is not None], into=into)
    due.cancel(CLOCK, [pk for pk, at in crossings.items() if at is None], into=into)


def crossed(job: "Job", seen: int, now: datetime) -> list[Fact]:
    """The crossings worse than the level `seen` last, each at its own instant; none of a clock that stands."""
    instants = zip(job.instants, CROSSINGS, strict=True) if job.instants else ()
    return [
        Fact(kind, job, {"stage": job.stage_id, "side": job.side}, job_id=job.pk, at=at)
        for at, (level, kind) in instants
        if at <= now and level < seen
    ]


def last_crossed(jobs: Iterable["Job"]) -> dict[int, int]:
    """By job, the worst level already recorded for its clock: asked before anything is done to that."""
    known: dict[int, int] = {}
    untold: dict[int, Job] = {}
    for job in jobs:
        known[job.pk] = job.level
        # The level of a job without status, or on hold, can't tell.
        if job.level in (Level.NONE, Level.HOLD):
            known[job.pk], untold[job.pk] = Level.OK, job
    if untold:
        since = min(job.entered_at for job in untold.values())
        recorded = Event.objects.filter(job_id__in=untold, kind__in=KINDS, at__gte=since)
        for pk, kind, at, data in recorded.values_list("job_id", "kind", "at", "data"):
            if pk is not None and _is_of_stay(untold[pk], at, data):
                known[pk] = min(known[pk], _WORST[kind])
    return known


def _is_of_stay(job: "Job", at: datetime, data: dict[str, Any]) -> bool:
    """Whether a crossing was of this stay, and of the side whose clock it is, also from before a pause."""
    here = (job.stage_id, job.paused_from or job.side)
    return at >= job.entered_at and (data.get("stage"), data.get("side")) == here
