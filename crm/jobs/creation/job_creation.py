"""Open a job: its number, clock, first visit and event, written together."""

from collections.abc import Mapping

from django.db import transaction
from django.dispatch import Signal

from crm.jobs.clock.clocked import Side
from crm.jobs.models.job import Job
from crm.jobs.models.job_record import Priority
from crm.jobs.models.party import JobParty
from crm.jobs.pipelines.pipeline import Pipeline
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.source import Source
from crm.jobs.pipelines.stage import Stage
from crm.kernel import clock
from crm.people.models import Company, Person, Property
from crm.platform.models import Brand, Member, NumberBlock
from crm.platform.organization.configuration import directory

JOB_NUMBERS = "job"
# The causes of a job: somebody entered it; it was made of a message.
BY_HAND = "typed"
BY_MESSAGE = "message"
# Sent with `job`, `by` and `cause` when a single job was opened, in the same transaction: what an app adds to it.
job_opened = Signal()


@transaction.atomic
def open_job(
    *,
    title: str,
    by: Member | None,
    person: Person | None = None,
    company: Company | None = None,
    site: Property | None = None,
    brand: Brand | None = None,
    pipeline: Pipeline | None = None,
    stage: Stage | None = None,
    member: Member | None = None,
    source: Source | None = None,
    priority: int = Priority.NORMAL,
    value: int | None = None,
    own_fields: Mapping[str, str] | None = None,
    cause: str = "",
) -> Job:
    """Open a job, without status unless a stage is given. `value` is in minor units of the brand's currency.

    Raises ValueError when the stage belongs to another pipeline or is archived, or the brand is archived.
    """
    brand = brand or directory().default_brand
    if brand.archived_at:
        raise ValueError("an archived brand takes no new work")
    pipeline = pipeline or (
        pipeline_setup().pipelines[stage.pipeline_id] if stage else pipeline_setup().default_pipeline
    )
    if stage and stage.pipeline_id != pipeline.pk:
        raise ValueError("the step belongs to another pipeline")
    if stage and stage.archived_at:
        raise ValueError("nobody enters an archived step")
    now = clock.now()
    job = Job(
        number=NumberBlock.objects.get_queryset().allocate_numbers(JOB_NUMBERS),
        title=title[:200],
        place=(site.city if site else "")[:120],
        brand=brand,
        pipeline=pipeline,
        stage=stage,
        member=member,
        person=person,
        company=company,
        site=site,
        source=source,
        priority=priority,
        value=value,
        currency=brand.currency,
        own_fields=dict(own_fields or {}),
        came_in_at=now,
        entered_at=now,
    )
    start(job, by=by, cause=cause)
    job_opened.send(Job, job=job, by=by, cause=cause)
    return job


def start(job: Job, *, by: Member | None, cause: str) -> None:
    """Start a new job's clock and write it with its first visit, its customer and the event."""
    job._start_clock(Side.US, job._allowance())
    job.save(force_insert=True)
    job._begin_visit(by, cause)
    if job.person_id:
        JobParty.objects.create(job=job, person_id=job.person_id)
    job._schedule_crossing()
    job._record("job.opened", by, {"stage": job.stage_id, "cause": cause})
