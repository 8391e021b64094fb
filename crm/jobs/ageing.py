"""What time does to jobs, many at once: the crossing of an instant, the end of a pause, a calendar that was edited."""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.clock import KINDS, Level
from crm.jobs.models import Job, Side
from crm.jobs.models.job import CLOCK
from crm.platform import clock, due, events
from crm.platform.events import Fact
from crm.platform.models import Event

RECOUNT = "job.recount"

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
    facts = [fact for job in running for fact in _crossed(job, now)]
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


def _crossed(job: Job, now: datetime) -> list[Fact]:
    """The crossings since the job was last looked at, each at its own instant; also after an outage of days."""
    assert job.instants is not None
    seen = _last_crossed(job)
    instants = zip(job.instants, CROSSINGS, strict=True)
    return [
        Fact(kind, job, {"stage": job.stage_id, "side": job.side}, job_id=job.pk, at=at)
        for at, (level, kind) in instants
        if at <= now and level < seen
    ]


def _last_crossed(job: Job) -> int:
    """The worst level already recorded for this run of the clock; for a job without status the level can't tell."""
    if job.level not in (Level.NONE, Level.HOLD):
        return job.level
    recorded = Event.objects.filter(job_id=job.pk, kind__in=KINDS, at__gte=job.clock_started_at)
    worst = {kind: level for level, kind in CROSSINGS}
    return min((worst[kind] for kind in recorded.values_list("kind", flat=True)), default=Level.OK)


@events.on("calendar.changed")
def recount_after_edit(changes: Sequence[Event]) -> None:
    """An edited calendar moves every open clock that counts by it: one Due a job, worked off in fair shares."""
    calendars = {event.subject_id for event in changes}
    clocks = Job.objects.filter(calendar_id__in=calendars, due_at__isnull=False)
    now = clock.now()
    due.schedule_all(RECOUNT, [(pk, now) for pk in clocks.values_list("pk", flat=True)])


@due.handler(RECOUNT)
def recount(job_ids: Sequence[int]) -> None:
    """Count running clocks by their calendar anew; an instant that moves records `job.clock_moved` and why."""
    now, moved = clock.now(), []
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids, due_at__isnull=False).order_by("pk"))
    for job in jobs:
        before = job.due_at
        job._count()
        if job.due_at != before:
            moved.append((job, before))
    Job.objects.bulk_update(jobs, ["warn_at", "due_at", "far_at", "level", "jump_at"])
    if moved:
        events.record_all([_moved(job, before) for job, before in moved], by=None)
    schedule(jobs, now)


def _moved(job: Job, before: datetime | None) -> Fact:
    assert before is not None, "only running clocks are counted anew"
    assert job.due_at is not None
    data = {"from": before.isoformat(), "to": job.due_at.isoformat(), "cause": "calendar"}
    return Fact("job.clock_moved", job, data, job_id=job.pk)
