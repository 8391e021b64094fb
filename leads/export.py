"""Export the lead list to a file: its rows in its order, with all facts, under headings the import recognises."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from django.http import QueryDict

from crm.jobs.bulk.runs import PICKED
from crm.jobs.fields.setup import all_fields, value_of
from crm.jobs.list.job_list import MOST_PRESSING
from crm.jobs.models import BulkRun, Job, JobState, Note, Priority, StageVisit
from crm.jobs.models.fields import OwnFieldRecord
from crm.jobs.next_step.kinds import step_name
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.models import Claim, Company, ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.exports import Row
from leads.importing.mapping.headings import DUE, LABELS, LEAD_NUMBER, PHASE, WON, Field
from leads.importing.matching import history
from leads.lead_list import LEADS
from leads.models import Lead
from leads.sources.setup import campaigns


def ids(query: QueryDict, member: Member) -> Iterable[int]:
    """Return the ids of the leads of a view, or of those selected in it, in the order of the list."""
    order = MOST_PRESSING
    if PICKED in query:
        jobs = Job.objects.visible_to(member).filter(pk__in=_picked_ids(str(query[PICKED]), member))
    else:
        jobs = LEADS.apply(filters := LEADS.read(query, member), member)
        order = LEADS.order_of(filters)
    lead_ids: Iterable[int] = order.of(jobs).values_list("pk", flat=True).iterator(chunk_size=20_000)
    return lead_ids


def _picked_ids(uid: str, member: Member) -> list[int]:
    try:
        run: BulkRun | None = BulkRun.objects.filter(by=member, uid=UUID(uid)).first()
    except ValueError:
        return []
    if run:
        return run.ids
    return []


_COLUMNS = (
    *(Field.TITLE, Field.NAME, Field.COMPANY, Field.EMAIL, Field.PHONE),
    *(Field.STREET, Field.POSTCODE, Field.CITY, Field.STATE, Field.COUNTRY, Field.LANGUAGE),
    *(Field.PIPELINE, Field.STAGE, Field.STAGE_SINCE, Field.HISTORY, Field.STATUS, Field.WON_AT),
    *(Field.LOST_REASON, Field.ENDED),
    *(Field.REP, Field.PRIORITY, Field.BRAND, Field.SOURCE, Field.CAMPAIGN, Field.VALUE, Field.CURRENCY, Field.COST),
    *(Field.CREATED, Field.TOUCHED, Field.NEXT_STEP, Field.NEXT_STEP_AT, Field.NOTE, Field.INSURER, Field.EXTERNAL_ID),
)


def headings() -> list[str]:
    """Return the headings: the number first, the others as the import recognises them."""
    own = [field.name for field in all_fields().live]
    return [str(LEAD_NUMBER), *(str(LABELS[column]) for column in _COLUMNS), str(PHASE), str(DUE), *own]


def rows(job_ids: Sequence[int], member: Member) -> Iterator[Row]:
    """Read the rows of these leads, in a handful of statements for all."""
    jobs: dict[int, Job] = Job.objects.visible_to(member).in_bulk(job_ids)
    about = _About(jobs.values())
    return (about.row(jobs[pk]) for pk in job_ids if pk in jobs)


class _About:
    """All records related to some jobs, loaded at once."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        listed = list(jobs)
        self.people = Person.objects.in_bulk([job.person_id for job in listed if job.person_id])
        self.firms = Company.objects.in_bulk([job.company_id for job in listed if job.company_id])
        self.places = Property.objects.in_bulk([job.site_id for job in listed if job.site_id])
        self.leads = Lead.objects.in_bulk([job.pk for job in listed])
        self.points: dict[tuple[int, str], list[str]] = defaultdict(list)
        for point in ContactPoint.objects.filter(person_id__in=self.people).order_by("pk"):
            self.points[point.person_id, point.kind].append(point.value)
        self.notes: dict[int, list[str]] = defaultdict(list)
        for note in Note.objects.filter(job_id__in=[job.pk for job in listed]).order_by("at", "pk"):
            self.notes[note.job_id].append(note.body)
        self.stays: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
        stays = StageVisit.objects.filter(job_id__in=[job.pk for job in listed]).order_by("entered_at", "pk")
        for job_id, entered_at, stage_id in stays.values_list("job_id", "entered_at", "stage_id"):
            self.stays[job_id].append((entered_at, stage_id))
        claims = Claim.objects.filter(site_id__in=self.places).order_by("-pk")
        self.insurers = {claim.site_id: claim.insurer for claim in claims}
        self.here = directory()
        self.line = pipeline_setup()

    def row(self, job: Job) -> list[Any]:
        cells = self._customer_cells(job) | self._place_cells(job) | self._line_of(job) | self._sale_cells(job)
        stage = None
        if job.stage_id:
            stage = self.line.stages.get(job.stage_id)
        phases = {phase.pk: phase.name for phase in self.line.phases}
        rest = [phases[stage.phase_id] if stage else "", self._to_local_time(job.due_at)]
        return [job.number, *(cells.get(column, "") for column in _COLUMNS), *rest, *self._own_values(job)]

    def _own_values(self, job: Job) -> list[str]:
        """Return the values of own fields: the job's, its customer's and its property's."""
        records: dict[str, Any] = {
            OwnFieldRecord.LEAD: job,
            OwnFieldRecord.CUSTOMER: self.people.get(job.person_id),
            OwnFieldRecord.PROPERTY: self.places.get(job.site_id),
        }
        return [value_of(record, field) if (record := records[field.record]) else "" for field in all_fields().live]

    def _customer_cells(self, job: Job) -> dict[Field, Any]:
        person = self.people.get(job.person_id)
        return {
            Field.TITLE: job.title,
            Field.NAME: person.name if person else "",
            Field.LANGUAGE: person.language if person else "",
            Field.COMPANY: self.firms[job.company_id].name if job.company_id else "",
            Field.EMAIL: ", ".join(self.points[job.person_id or 0, ContactPoint.PointKind.EMAIL]),
            Field.PHONE: ", ".join(self.points[job.person_id or 0, ContactPoint.PointKind.PHONE]),
        }

    def _place_cells(self, job: Job) -> dict[Field, Any]:
        site = self.places.get(job.site_id)
        if site is None:
            return {Field.CITY: job.place}
        return {
            Field.STREET: site.street,
            Field.POSTCODE: site.postcode,
            Field.CITY: site.city,
            Field.STATE: site.region,
            Field.COUNTRY: site.country,
            Field.INSURER: self.insurers.get(site.pk, ""),
        }

    def _line_of(self, job: Job) -> dict[Field, Any]:
        won = job.pk in self.leads and self.leads[job.pk].won_at
        return {
            Field.PIPELINE: self.line.pipelines[job.pipeline_id].name,
            Field.STAGE: self.line.stages[job.stage_id].name if job.stage_id else "",
            Field.STAGE_SINCE: self._to_local_time(job.entered_at),
            Field.HISTORY: self._format_history(job),
            Field.WON_AT: self._to_local_time(won) if won else None,
            Field.STATUS: str(JobState(job.state).label if job.state != JobState.OPEN or not won else WON),
            Field.LOST_REASON: job.ended_reason,
            Field.ENDED: self._to_local_time(job.ended_at),
            Field.PRIORITY: str(Priority(job.priority).label),
            Field.REP: self.here.members[job.member_id].name if job.member_id else "",
            Field.BRAND: self.here.brands[job.brand_id].name,
            Field.CREATED: self._to_local_time(job.came_in_at),
            Field.TOUCHED: self._to_local_time(job.touched_at),
            Field.NEXT_STEP: job.next_step_label or step_name(job.next_step_kind),
            Field.NEXT_STEP_AT: self._to_local_time(job.next_step_at),
            Field.NOTE: "\n\n".join(self.notes[job.pk]),
        }

    def _format_history(self, job: Job) -> str:
        """Format the earlier steps; the file has separate columns for the present one."""
        earlier = self.stays[job.pk][:-1]
        names = ((at, self.line.stages[pk].name if pk else "") for at, pk in earlier)
        return history.format_history((at.astimezone(self.here.zone), name) for at, name in names)

    def _sale_cells(self, job: Job) -> dict[Field, Any]:
        lead = self.leads.get(job.pk)
        return {
            Field.SOURCE: self.line.sources[job.source_id].name if job.source_id else "",
            Field.VALUE: _to_major_units(job.value, job.currency),
            Field.CURRENCY: job.currency,
            Field.CAMPAIGN: campaigns().name(lead.campaign_id) if lead else "",
            Field.COST: _to_major_units(lead.cost if lead else None, job.currency),
            Field.EXTERNAL_ID: lead.external_id if lead else "",
        }

    def _to_local_time(self, at: datetime | None) -> datetime | None:
        """Convert to the organization's time zone, which reports use."""
        if at:
            return at.astimezone(self.here.zone)
        return None


def _to_major_units(minor: int | None, currency: str) -> Decimal | None:
    if minor is None:
        return None
    return Decimal(minor).scaleb(-get_currency_precision(currency))
