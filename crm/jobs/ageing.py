"""What time does to jobs, many at once: the crossing of an instant, and the end of a pause."""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.clock import KINDS, Level
from crm.jobs.models import Job, Side
from crm.jobs.models.job import CLOCK
from crm.platform import clock, due, events
from crm.platform.events import Fact
from crm.platform.models import Event

CROSSINGS = tuple(zip((Level.SOON, Level.LATE, Level.CRIT), KINDS, strict=True))


@due.handler(CLOCK)
def cross(job_ids: Sequence[int]) -> None:
    """Move the level of jobs whose instant has come, and record what they crossed; resume pauses that end."""
    now = clock.now()
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids).order_by("pk"))
    for job in jobs:
        if job.side == Side.PAUSED and job.pause_ends_at and job.pause_ends_at <= now:
            job.resume(by=None)
    running = [job for job in jobs if job.is_open and job.is_running and job.side != Side.PAUSED]
    facts = [fact for job in running for fact in crossed(job, last_crossed(job), now)]
    for job in running:
        job.level = job.level_at(now)
    Job.objects.bulk_update(running, ["level"])
    if facts:
        events.record_all(facts, by=None)
    schedule(running, now)


def schedule(jobs: Sequence[Job], now: datetime) -> None:
    """Write the next crossing of each job's clock; those that have none keep no row."""
    crossings = {job.pk: job.next_crossing(now) for job in jobs}
    due.schedule_all(CLOCK, [(pk, at) for pk, at in crossings.items() if at is not None])


def crossed(job: Job, seen: int, now: datetime) -> list[Fact]:
    """The crossings worse than the level `seen` last, each at its own instant; also after an outage of days."""
    assert job.instants is not None
    instants = zip(job.instants, CROSSINGS, strict=True)
    return [
        Fact(kind, job, {"stage": job.stage_id, "side": job.side}, job_id=job.pk, at=at)
        for at, (level, kind) in instants
        if at <= now and level < seen
    ]


def last_crossed(job: Job) -> int:
    """The worst level already recorded for this run of the clock; for a job without status the level can't tell."""
    if job.level not in (Level.NONE, Level.HOLD):
        return job.level
    recorded = Event.objects.filter(job_id=job.pk, kind__in=KINDS, at__gte=job.clock_started_at)
    worst = {kind: level for level, kind in CROSSINGS}
    return min((worst[kind] for kind in recorded.values_list("kind", flat=True)), default=Level.OK)
