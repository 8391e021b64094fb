"""Set versions of a job's verbs: change many jobs at once, with one statement per table and one event per job.

The caller has locked the jobs. What changes and what its event says is decided by the functions that the verbs call.
They write in the caller's transaction, without a savepoint of their own: its end would wait for all that is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.jobs.clock.crossings import last_crossed, schedule
from crm.jobs.models import Job, Stage, StageVisit
from crm.jobs.models.job_changes import change_member, change_next_step, change_priority, enter_stage
from crm.jobs.models.visit import visit_entered
from crm.jobs.pipelines.exit_criteria import Gap, Heed, despite, gaps
from crm.jobs.pipelines.sale_guards import refusals_to_sell
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member


def move_all(
    moves: Iterable[tuple[Job, Stage]], *, by: Member | None, cause: str = "", heed: Heed = Heed.BLOCKS
) -> list[Job]:
    """Move many jobs, as `Job.move_to`; returns those that moved. Jobs already there, or ended, stay.

    So do those whose step asks for what is missing and blocks, and those a SaleGuard keeps back; warnings are noted on
    the events.

    Raises Refused for an archived stage, ValueError for another pipeline's, before anything is done.
    """
    moving = [(job, stage) for job, stage in moves if job.is_open and job.stage_id != stage.pk]
    for job, stage in moving:
        job.check_may_enter(stage)
    kept = refusals_to_sell(moving)
    moving = [(job, stage) for job, stage in moving if job.pk not in kept]
    missing = {}
    if heed != Heed.NONE:
        missing = gaps(moving, Job.objects)
    moving = [(job, stage) for job, stage in moving if not any(gap.blocks for gap in missing.get(job.pk, ()))]
    return _move_jobs(moving, missing, by, cause)


@transaction.atomic(savepoint=False)
def _move_jobs(
    moving: Sequence[tuple[Job, Stage]], missing: Mapping[int, Sequence[Gap]], by: Member | None, cause: str
) -> list[Job]:
    jobs = [job for job, _ in moving]
    decided = [enter_stage(job, stage, cause) for job, stage in moving]
    bulk_write.save_all(jobs, Job.ENTER_COLUMNS)
    ended = {job.pk: left for job, (left, *_) in zip(jobs, decided, strict=True)}
    StageVisit.follow_all(ended, {job.pk: visit_entered(job, by, cause) for job in jobs})
    schedule(jobs, clock.now())
    told = [(job, data | despite(missing.get(job.pk, ()))) for job, (_, data, _) in zip(jobs, decided, strict=True)]
    _record_all("job.moved", told, by)
    events.record_all([fact for *_, crossings in decided for fact in crossings], by=None)
    return jobs


@transaction.atomic(savepoint=False)
def assign_all(
    jobs: Iterable[Job], member: Member | None, *, by: Member | None, cause: str = "", reason: str = ""
) -> list[Job]:
    """Assign many jobs, as `Job.assign_to`; returns those whose member changed."""
    return assign_each([(job, member) for job in jobs], by=by, cause=cause, reason=reason)


@transaction.atomic(savepoint=False)
def assign_each(
    pairs: Iterable[tuple[Job, Member | None]], *, by: Member | None, cause: str = "", reason: str = ""
) -> list[Job]:
    """Assign each job to the member paired with it, as `Job.assign_to`; returns the jobs whose member changed."""
    because = {name: text for name, text in (("cause", cause), ("reason", reason[:200])) if text}
    changed = [(job, data | because) for job, member in pairs if (data := change_member(job, member))]
    bulk_write.save_all([job for job, _ in changed], ["member_id"])
    return _record_all("job.assigned", changed, by)


@transaction.atomic(savepoint=False)
def prioritize_all(jobs: Iterable[Job], priority: int, *, by: Member | None) -> list[Job]:
    """Prioritize many jobs, as `Job.prioritize`; returns those whose priority changed."""
    changed = [job for job in jobs if job.priority != priority]
    seen = last_crossed(changed)
    decided = [change_priority(job, priority, seen[job.pk]) for job in changed]
    bulk_write.save_all(changed, ["priority", *Job.CLOCK_COLUMNS])
    schedule(changed, clock.now())
    _record_all("job.prioritized", [(job, data) for job, (data, _) in zip(changed, decided, strict=True)], by)
    events.record_all([fact for _, crossings in decided for fact in crossings], by=None)
    return changed


def plan_next_all(
    jobs: Iterable[Job], *, kind: str, label: str, at: datetime | None, by: Member | None, cause: str = ""
) -> list[Job]:
    """Plan the same next step for many jobs, as `Job.plan_next`; returns the jobs whose next step changed."""
    return plan_next_each([(job, (kind, label, at)) for job in jobs], by=by, cause=cause)


@transaction.atomic(savepoint=False)
def plan_next_each(
    steps: Iterable[tuple[Job, tuple[str, str, datetime | None]]], *, by: Member | None, cause: str = ""
) -> list[Job]:
    """Plan the next step paired with each job, as `Job.plan_next`; returns the jobs whose next step changed."""
    changed = [(job, data) for job, step in steps if (data := change_next_step(job, *step, cause))]
    bulk_write.save_all([job for job, _ in changed], Job.NEXT_STEP_COLUMNS)
    return _record_all("job.next_step_planned", changed, by)


def _record_all(kind: str, told: Sequence[tuple[Job, dict[str, Any]]], by: Member | None) -> list[Job]:
    events.record_all([EventDraft(kind, job, data, job_id=job.pk) for job, data in told], by=by)
    return [job for job, _ in told]
