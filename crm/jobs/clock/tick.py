"""What time does to jobs, many at once: the crossing of an instant, and the end of a pause."""

from collections.abc import Sequence

from crm.jobs.clock.crossings import crossed, last_crossed, schedule
from crm.jobs.models import Job, Side
from crm.kernel import clock
from crm.platform.database.write_batch import Ledger
from crm.platform.events import events


def cross(job_ids: Sequence[int]) -> None:
    """Move the level of jobs whose instant has come, and record what they crossed; resume pauses that end."""
    now = clock.now()
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids).order_by("pk"))
    for job in jobs:
        if job.side == Side.PAUSED and job.pause_ends_at and job.pause_ends_at <= now:
            job.resume(by=None)
    running = [job for job in jobs if job.is_open and job.is_running and job.side != Side.PAUSED]
    seen = last_crossed(running)
    facts = [fact for job in running for fact in crossed(job, seen[job.pk], now)]
    for job in running:
        job.level = job.level_at(now)
    ledger = Ledger()
    ledger.keep(running, ["level"])
    events.record_all(facts, by=None, into=ledger)
    schedule(running, now, into=ledger)
    ledger.send()
