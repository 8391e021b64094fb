"""The set forms of a job's verbs: many jobs at once, with one statement for all and one event a job.

The caller holds the jobs (jobs/undo.py locks and reads them). Each becomes exactly what the single verb makes of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from crm.jobs.clock.crossings import last_crossed, schedule
from crm.jobs.models import Job, Side, Stage
from crm.jobs.models.visit import LEAVING, PASSING_ON, entering, leaving
from crm.kernel import clock
from crm.platform.database.write_batch import Ledger
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member


@transaction.atomic
def move_all(moves: Iterable[tuple[Job, Stage]], *, by: Member | None, cause: str = "") -> list[Job]:
    """Enter the steps, each of the job's own pipeline; says who moved. Who is there, or has ended, does not.

    Raises ValueError for another pipeline's step or an archived one, before anything is done.
    """
    moving = [(job, stage) for job, stage in moves if job.is_open and job.stage_id != stage.pk]
    if any(job.pipeline_id != stage.pipeline_id for job, stage in moving):
        raise ValueError("a job moves along its own pipeline only")
    if any(stage.archived_at for _, stage in moving):
        raise ValueError("nobody enters an archived step")
    jobs = [job for job, _ in moving]
    left, entered, facts = [], [], []
    for job, stage in moving:
        before = job.stage_id
        left.append(leaving(job))
        job.stage_id, job.entered_at = stage.pk, clock.now()
        job._start_clock(Side.US, job._allowance())
        entered.append(entering(job, by, cause))
        data = {"from": before, "to": stage.pk, "level": left[-1]["level"].css, "cause": cause}
        facts.append(Fact("job.moved", job, data, job_id=job.pk))
    ledger = _keep(jobs, "stage_id", "entered_at", "past", *Job.CLOCK_COLUMNS)
    ledger.write(LEAVING, left)
    ledger.write(PASSING_ON, entered)
    events.record_all(facts, by=by, into=ledger)
    ledger.send()
    return jobs


@transaction.atomic
def assign_all(jobs: Iterable[Job], member: Member | None, *, by: Member | None) -> list[Job]:
    """Give the jobs to a member, or back to nobody; says whose member changed."""
    new = member.pk if member else None
    changed = [job for job in jobs if job.member_id != new]
    facts = [Fact("job.assigned", job, {"from": job.member_id, "to": new}, job_id=job.pk) for job in changed]
    for job in changed:
        job.member_id = new
    ledger = _keep(changed, "member_id")
    events.record_all(facts, by=by, into=ledger)
    ledger.send()
    return changed


@transaction.atomic
def prioritize_all(jobs: Iterable[Job], priority: int, *, by: Member | None) -> list[Job]:
    """Set the priority; running clocks follow their target, and may cross by it. Says whose priority changed."""
    changed = [job for job in jobs if job.priority != priority]
    seen = last_crossed(changed)
    facts: list[Fact] = []
    crossings: list[Fact] = []
    for job in changed:
        facts.append(Fact("job.prioritized", job, {"from": job.priority, "to": priority}, job_id=job.pk))
        job.priority = priority
        if job.is_open:
            crossings += job._retarget(seen)
    ledger = _keep(changed, "priority", *Job.CLOCK_COLUMNS)
    events.record_all(facts, by=by, into=ledger)
    events.record_all(crossings, by=None, into=ledger)
    ledger.send()
    return changed


@transaction.atomic
def plan_next_all(
    jobs: Iterable[Job], *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = ""
) -> list[Job]:
    """Show the same next step on the jobs; says on which it is new."""
    planned = (kind, label[:120], at)
    changed = [job for job in jobs if (job.next_step_kind, job.next_step_label, job.next_step_at) != planned]
    for job in changed:
        job.next_step_kind, job.next_step_label, job.next_step_at = planned
    ledger = _keep(changed, "next_step_kind", "next_step_label", "next_step_at")
    data = {"kind": kind, "at": at.isoformat() if at else None} | ({"cause": cause} if cause else {})
    facts = [Fact("job.next_step_planned", job, data, job_id=job.pk) for job in changed]
    events.record_all(facts, by=by, into=ledger)
    ledger.send()
    return changed


def _keep(jobs: Sequence[Job], *names: str) -> Ledger:
    """A ledger with these columns of the jobs in it, and the next crossings where their clocks changed."""
    ledger = Ledger()
    ledger.keep(jobs, names)
    if "jump_at" in names:
        schedule(jobs, clock.now(), into=ledger)
    return ledger
