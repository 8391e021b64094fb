"""An edit of what clocks are counted by moves the open clocks: a calendar, a target, the tenant's levels.

The fact of the edit lays one Due a clock; a tick counts them anew in fair shares, and says which due date moved and
why. A clock that stays where it was is not written. Doing it twice moves nothing more.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from crm.jobs.clock.crossings import crossed, last_crossed, schedule
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.database.write_batch import Ledger
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due

RECOUNT, REASSIGN, RETARGET, RESCALE = "job.recount", "job.other_calendar", "job.retarget", "job.rescale"

# What a recount may write.
COLUMNS = ("allowed", "calendar_id", "warn_at", "due_at", "far_at", "level", "jump_at")


def after_calendar(changes: Sequence[Event]) -> None:
    """The clocks that count by an edited calendar."""
    _lay(RECOUNT, Job.objects.filter(calendar_id__in={event.subject_id for event in changes}, due_at__isnull=False))


def after_brand(changes: Sequence[Event]) -> None:
    """The clocks of a brand that counts by another calendar now."""
    brands = {event.subject_id for event in changes if {"calendar", "calendar_id"} & set(event.data["fields"])}
    _lay(REASSIGN, Job.objects.open().filter(brand_id__in=brands))


def after_default(_changes: Sequence[Event]) -> None:
    """The clocks of brands without a calendar of their own."""
    followers = [pk for pk, brand in directory().brands.items() if brand.calendar_id is None]
    _lay(REASSIGN, Job.objects.open().filter(brand_id__in=followers))


def after_target(changes: Sequence[Event]) -> None:
    """The open clocks of the cases whose target was edited; a paused one runs on by the new target."""
    for event in changes:
        _lay(RETARGET, of_case(event.subject_id, event.data))


def after_levels(_changes: Sequence[Event]) -> None:
    """All open clocks."""
    _lay(RESCALE, Job.objects.open())


def of_case(pipeline_id: int, case: dict[str, int | None]) -> Iterable[Job]:
    """The open jobs a target holds for, unless a more specific one does."""
    jobs = Job.objects.open().filter(pipeline_id=pipeline_id, stage_id=case["stage"])
    wanted = {"brand_id": case["brand"], "priority": case["priority"]}
    kept: Iterable[Job] = jobs.filter(**{name: value for name, value in wanted.items() if value is not None})
    return kept


def _lay(kind: str, jobs: Iterable[Job]) -> None:
    now = clock.now()
    due.schedule_all(kind, [(pk, now) for pk in jobs.values_list("pk", flat=True)])  # type: ignore[attr-defined]


def recount(job_ids: Sequence[int]) -> None:
    """Count running clocks by their calendar anew."""
    _recount(job_ids, "calendar", lambda job: None)


def count_by_other(job_ids: Sequence[int]) -> None:
    """Count open clocks by the calendar their brand has now."""
    _recount(job_ids, "calendar", Job.follow_target)


def retarget(job_ids: Sequence[int]) -> None:
    """Count open clocks by the target that holds for them now."""
    _recount(job_ids, "target", Job.follow_target)


def rescale(job_ids: Sequence[int]) -> None:
    """Count open clocks by the tenant's levels and defaults."""
    _recount(job_ids, "levels", Job.follow_target)


def _recount(job_ids: Sequence[int], cause: str, prepare: Callable[[Job], None]) -> None:
    now, written, facts = clock.now(), [], []
    jobs = list(Job.objects.open().select_for_update().filter(pk__in=job_ids).order_by("pk"))
    seen = last_crossed(jobs)
    for job in jobs:
        before, due_at = _clock_of(job), job.due_at
        prepare(job)
        if job.is_running:
            job._count()
        if _clock_of(job) == before:
            continue
        written.append(job)
        if due_at is not None and job.due_at is not None:
            facts += [_moved(job, due_at, job.due_at, cause)] if job.due_at != due_at else []
            facts += crossed(job, seen[job.pk], now)
    ledger = Ledger()
    ledger.keep(written, COLUMNS)
    events.record_all(facts, by=None, into=ledger)
    schedule([job for job in written if job.is_running], now, into=ledger)
    ledger.send()


def _clock_of(job: Job) -> tuple[object, ...]:
    return job.allowed, job.calendar_id, job.warn_at, job.due_at, job.far_at


def _moved(job: Job, before: datetime, after: datetime, cause: str) -> Fact:
    data = {"from": before.isoformat(), "to": after.isoformat(), "cause": cause}
    return Fact("job.clock_moved", job, data, job_id=job.pk)
