"""Open many jobs at once, as an import does: the bulk version of `open_job`; also fill in missing facts of known jobs.

One statement a table and one event a job; clocks run from when the work came in, not from when the file did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.jobs.clock import arithmetic as job_clock
from crm.jobs.clock.crossings import schedule
from crm.jobs.creation.job_creation import JOB_NUMBERS
from crm.jobs.models import Job, JobParty, Level, Note, Side, Stage, StageVisit
from crm.jobs.models.queryset import mirror_time
from crm.jobs.models.visit import past_visit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.people.models import Person
from crm.platform.database.bulk_write import allocate_ids, insert_all, values_of
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, NumberBlock
from crm.platform.organization.configuration import directory

# What an import may fill in on a job that has none; value and currency go together. A title that is no more than the
# customer's name is none. Own fields are filled in each by itself.
FILLABLE = ("title", "value", "currency", "source_id", "site_id", "place", "company_id")


@dataclass(slots=True)
class Opening:
    """A job to be opened: unsaved, with brand, pipeline and its known instants; `state` if it has ended."""

    job: Job
    note: str = ""
    # Steps it was in before, None for time without one, and when it entered each, oldest first; it left each when it
    # entered the next.
    history: Sequence[tuple[datetime, Stage | None]] = ()
    # When its clock starts; None: when it entered its step.
    clock_started_at: datetime | None = None


@transaction.atomic(savepoint=False)
def open_all(
    openings: Sequence[Opening], *, by: Member | None, cause: str, data: Mapping[str, Any], number: int | None = None
) -> None:
    """Number and save the jobs and start their clocks, each with first visit, customer, note and event.

    `data` goes into every event. `number`: the first of as many numbers that were taken for them. Ended jobs come with
    their `state`; their line shows the step they ended in.
    """
    if not openings:
        return
    jobs = [opening.job for opening in openings]
    now = clock.now()
    if number is None:
        number = take_numbers(len(jobs))
    for offset, (job, pk) in enumerate(zip(jobs, allocate_ids(Job, len(jobs)), strict=True)):
        job.pk = pk
        job.number = number + offset
    notes = _note_rows(((opening.job.pk, opening.note) for opening in openings if opening.note), by)
    member = None
    if by:
        member = by.pk
    actor = {"actor_id": member, "cause": cause[:80]}
    present = [_start_clock(opening) | actor for opening in openings]
    # Before the present ones: of two that begin at one instant the later id is the later stay.
    visits = [visit | actor for opening in openings if opening.history for visit in _past_visits(opening)] + present
    insert_all(Job, [values_of(job) for job in jobs])
    insert_all(StageVisit, visits)
    insert_all(JobParty, [{"job_id": job.pk, "person_id": job.person_id} for job in jobs if job.person_id])
    insert_all(Note, notes)
    planned = [_planned_fact(job, data) for job in jobs if job.next_step_kind and job.is_open]
    events.record_all([_opened_fact(job, cause, data) for job in jobs] + planned, by=by)
    schedule([job for job in jobs if job.is_open], now)


def take_numbers(count: int) -> int:
    """Reserve this many job numbers; returns the first."""
    return int(NumberBlock.objects.get_queryset().allocate_numbers(JOB_NUMBERS, count))


def _opened_fact(job: Job, cause: str, data: Mapping[str, Any]) -> EventDraft:
    return EventDraft("job.opened", job, {"stage": job.stage_id, "cause": cause, **data}, job_id=job.pk)


def _planned_fact(job: Job, data: Mapping[str, Any]) -> EventDraft:
    """Return the event of a planned next step as `Job.plan_next` does, from which follow-ups are created."""
    at = None
    if job.next_step_at:
        at = job.next_step_at.isoformat()
    return EventDraft("job.next_step_planned", job, {"kind": job.next_step_kind, "at": at, **data}, job_id=job.pk)


def _start_clock(opening: Opening) -> dict[str, Any]:
    """Start a job's clock, which for an ended job runs until its end; returns the values of its visit.

    It starts when the job entered its step, unless something else was said.
    """
    job = opening.job
    allowance = pipeline_setup().allowance(job.pipeline_id, job.stage_id, job.brand_id, job.priority)
    job.side, job.clock_started_at, job.clock_used = Side.US, opening.clock_started_at or job.entered_at, 0
    job.allowed = allowance.seconds
    job.calendar_id = allowance.calendar_id
    job._count()
    visit = {"job_id": job.pk, "stage_id": job.stage_id, "entered_at": job.entered_at, "allowed": job.allowed}
    return visit | (_end_values(job, job.ended_at) if job.ended_at else {"left_at": None, "used": 0, "level": None})


def _past_visits(opening: Opening) -> list[dict[str, Any]]:
    """Build the visits before the current one, timed by each step's target; `past` keeps their levels for the bar."""
    job = opening.job
    visits = []
    past = []
    ends = [at for at, _stage in opening.history[1:]] + [job.entered_at]
    for (entered, stage), left in zip(opening.history, ends, strict=True):
        stage_id = None
        if stage:
            stage_id = stage.pk
        allowed, calendar_id = pipeline_setup().allowance(job.pipeline_id, stage_id, job.brand_id, job.priority)
        hours = None
        if calendar_id:
            hours = directory().calendars[calendar_id]
        instants = job_clock.instants(entered, allowed, hours, ratios=directory().tenant.ratios)
        level = job_clock.level(left, instants)
        past.append(past_visit(stage_id, level.css))
        used = job_clock.used_seconds(entered, left, hours)
        counted = {"job_id": job.pk, "stage_id": stage_id, "entered_at": entered, "allowed": allowed}
        visits.append(counted | {"left_at": left, "used": used, "level": level})
    job.past = " ".join(filter(None, [*past, job.past]))
    return visits


def _end_values(job: Job, at: datetime) -> dict[str, Any]:
    used = job.used_at(at)
    if job.instants:
        level = job_clock.level(at, job.instants)
    else:
        level = Level.NONE
    if job.stage_id:
        job.past = f"{job.stage_id}:{level.css}"
    job.warn_at = job.due_at = job.far_at = None
    job.clock_used = used
    job.level = Level.ENDED
    job.sort_at = mirror_time(at)
    return {"left_at": at, "used": used, "level": level}


@transaction.atomic
def fill_in(gains: Mapping[int, Mapping[str, Any]], *, by: Member | None, data: Mapping[str, Any]) -> None:
    """Fill in missing values (of FILLABLE, and `own_fields`) of known jobs, by id. Never overwrites a value."""
    jobs = list(Job.objects.select_for_update().filter(pk__in=gains).order_by("pk"))
    titled = {job.person_id for job in jobs if "title" in gains[job.pk]}
    called = {}
    if titled:
        called = dict(Person.objects.filter(pk__in=titled).values_list("pk", "name"))
    facts = []
    names = set[str]()
    for job in jobs:
        if filled := _fill_blanks(job, gains[job.pk], called.get(job.person_id or 0, "")):
            names |= filled
            facts.append(EventDraft("job.filled_in", job, {"fields": sorted(filled), **data}, job_id=job.pk))
    if facts:
        Job.objects.bulk_update(jobs, [name.removesuffix("_id") for name in sorted(names)])
        events.record_all(facts, by=by)


def _fill_blanks(job: Job, values: Mapping[str, Any], called: str) -> set[str]:
    lacking = {name for name in FILLABLE if name in values and getattr(job, name) in (None, "")}
    # Every job has a currency; it is the value's only where there is a value.
    if "value" in lacking and "currency" in values:
        lacking.add("currency")
    if "title" in values and name_key(job.title) == name_key(called):
        lacking.add("title")
    for name in lacking:
        setattr(job, name, values[name])
    own = {key: value for key, value in values.get("own_fields", {}).items() if not job.own_fields.get(key)}
    if own:
        job.own_fields = job.own_fields | own
        lacking.add("own_fields")
    return lacking


def note_all(notes: Iterable[tuple[int, str]], *, by: Member | None) -> dict[int, int]:
    """Write notes on jobs, by id; returns the notes' ids by job."""
    rows = _note_rows(notes, by)
    insert_all(Note, rows)
    return {row["job_id"]: row["id"] for row in rows}


def _note_rows(notes: Iterable[tuple[int, str]], by: Member | None) -> list[dict[str, Any]]:
    bodies = dict(notes)
    ids = zip(bodies.items(), allocate_ids(Note, len(bodies)), strict=True)
    common = {"author_id": by.pk if by else None, "at": clock.now()}
    return [{"id": pk, "job_id": job_id, "body": body, **common} for (job_id, body), pk in ids]
