"""Find flaws of leads: at once after a correction, soon for new leads, and nightly for all open ones, in batches."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crm.jobs.models import Flaw, Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.quality.rules import LeadFacts, flaws
from crm.kernel import clock
from crm.people.models import ContactPoint, Person, Property
from crm.platform.database.bulk_write import insert_all
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work.runs.walks import Walk


def facts_of(jobs: Iterable[Job]) -> dict[int, LeadFacts]:
    """Load the facts that rules check, by job id; three statements for any number of jobs."""
    listed = list(jobs)
    people = Person.objects.in_bulk([job.person_id for job in listed if job.person_id])
    places = Property.objects.in_bulk([job.site_id for job in listed if job.site_id])
    points: dict[tuple[int, str], list[str]] = defaultdict(list)
    for person_id, kind, value in ContactPoint.objects.filter(person_id__in=people).values_list(
        "person_id", "kind", "value"
    ):
        points[person_id, kind].append(value)
    return {job.pk: _facts_of_job(job, people.get(job.person_id), places.get(job.site_id), points) for job in listed}


def _facts_of_job(
    job: Job, person: Person | None, site: Property | None, points: dict[tuple[int, str], list[str]]
) -> LeadFacts:
    setup = pipeline_setup()
    order = {phase.pk: at for at, phase in enumerate(setup.phases)}
    owner = None
    if job.member_id:
        owner = directory().members.get(job.member_id)
    pk = 0
    if person:
        pk = person.pk
    return LeadFacts(
        name=person.name if person else job.title,
        emails=tuple(points.get((pk, ContactPoint.PointKind.EMAIL), ())),
        phones=tuple(points.get((pk, ContactPoint.PointKind.PHONE), ())),
        street=site.street if site else "",
        postcode=site.postcode if site else "",
        city=site.city if site else job.place,
        region=site.region if site else "",
        country=site.country if site else "",
        has_place=site is not None,
        source=job.source_id is not None,
        value=job.value,
        phase=order.get(setup.stages[job.stage_id].phase_id, -1) if job.stage_id else -1,
        owner_left=owner is not None and not owner.active,
    )


def check(jobs: Sequence[Job]) -> None:
    """Save the current flaws of these leads; ended leads have none."""
    facts = facts_of(job for job in jobs if job.is_open)
    wanted = {(pk, rule.key) for pk, job_facts in facts.items() for rule in flaws(job_facts)}
    there = {(row.job_id, row.rule): row.pk for row in Flaw.objects.filter(job_id__in=[job.pk for job in jobs])}
    Flaw.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    now = clock.now()
    rows = [{"job_id": pk, "rule": rule, "found_at": now} for pk, rule in sorted(wanted - there.keys())]
    insert_all(Flaw, rows, ignore_conflicts=True)


def _check_share(job_ids: Sequence[int]) -> None:
    check(list(Job.objects.filter(pk__in=job_ids).order_by("pk")))


walk = Walk("jobs.check_new", "jobs.check_all", Job, _check_share)


def after_undo(undone: Sequence[Event]) -> None:
    """Check again the leads whose correction was undone."""
    ids = {event.job_id for event in undone if event.data.get("of") == "job.corrected"}
    if ids:
        check(list(Job.objects.filter(pk__in=ids).order_by("pk")))


def keep_checking() -> None:
    """Schedule the tenant's checks; nightly for all leads, as leads move on, end, and members leave."""
    walk.begin()
