"""Facts for an update: what changed in jobs since the last one, for many jobs in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from crm.documents.models import Document, DocumentRequest
from crm.documents.models.document_request_record import WAITING
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentOutcome, AppointmentState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.people.identity.first_name import first_name
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from portal.models import CustomerUpdate
from service.models import Project
from service.models.milestone import milestone_text

# Kinds of events that tell of an appointment that was put off, and of what a customer does not like.
_PUT_OFF = "appointment.rescheduled"
_BAD = {"ticket.upset": "complaint", "message.bounced": "failed", "message.failed": "failed"}
_TOLD = ("job.moved", "job.resumed", "survey.answered", _PUT_OFF, *_BAD)
# Told once: a step that is entered again, or a milestone that is ticked again, is no news.
_ONCE = ("step", "milestone_done")
# A number up to which a survey's answer is a complaint.
CONTENT_FROM = 3


@dataclass(frozen=True)
class UpdateItem:
    """A past event, a planned one, or a request to the customer: kind, time, text and attendees."""

    kind: str
    at: datetime | None = None
    what: str = ""
    who: str = ""


@dataclass
class Facts:
    """All there is to tell of a job, oldest first. `stage`, `step`: what customers read of the step it is in: the
    sentence, and the title. `told`: kind and words of what earlier updates said.
    """

    place: str = ""
    past: list[UpdateItem] = field(default_factory=list)
    coming: list[UpdateItem] = field(default_factory=list)
    wanted: list[UpdateItem] = field(default_factory=list)
    stage: str = ""
    step: str = ""
    told: frozenset[tuple[str, str]] = frozenset()
    # Whether every milestone customers read of is reached.
    is_done: bool = False
    negatives: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class FactsInput:
    """A job, the start of the period, and the languages in order of preference."""

    job: Job
    since: datetime
    languages: tuple[str, ...]


def facts_of(asked: Sequence[FactsInput], now: datetime) -> dict[int, Facts]:
    """Return the facts by job."""
    told_before = _told_before([one.job.pk for one in asked])
    found = {}
    for one in asked:
        step, sentence = _stage_text(one)
        found[one.job.pk] = Facts(
            _place_words(one.job), stage=sentence, step=step, told=told_before.get(one.job.pk, frozenset())
        )
    by_job = {one.job.pk: one for one in asked}
    _read_events(by_job, found, now)
    _read_appointments(by_job, found, now)
    _read_projects(by_job, found, now)
    _read_documents(by_job, found, now)
    for facts in found.values():
        facts.past.sort(key=lambda told_before: told_before.at or now)
        facts.coming.sort(key=lambda told_before: told_before.at or now)
    return found


def _place_words(job: Job) -> str:
    return str(job.site.street if job.site else job.place)


def _stage_text(one: FactsInput) -> tuple[str, str]:
    """Return the customer's title and sentence of the job's current step."""
    stage = pipeline_setup().stages.get(one.job.stage_id or 0)
    text = None
    if stage:
        text = stage.customer_text(one.languages)
    if text:
        return (text.title, text.text or text.title)
    return ("", "")


def _told_before(job_ids: Sequence[int]) -> dict[int, frozenset[tuple[str, str]]]:
    """Return kind and text of the steps and milestones in earlier updates, by job."""
    rows = CustomerUpdate.objects.filter(job_id__in=job_ids, state=CustomerUpdate.State.SENT)
    by_job: dict[int, set[tuple[str, str]]] = {}
    for job_id, sources in rows.order_by("pk").values_list("job_id", "sources"):
        items = by_job.setdefault(job_id, set())
        items.update((one["kind"], one["what"]) for one in sources if one["kind"] in _ONCE)
    return {job_id: frozenset(items) for job_id, items in by_job.items()}


def _read_events(by_job: Mapping[int, FactsInput], found: Mapping[int, Facts], now: datetime) -> None:
    first = min(one.since for one in by_job.values())
    rows = Event.objects.filter(job_id__in=list(by_job), kind__in=_TOLD, at__gt=first, at__lte=now)
    for event in rows.order_by("pk"):
        one = by_job[event.job_id or 0]
        facts = found[event.job_id or 0]
        if event.at <= one.since:
            continue
        if event.kind == "job.moved":
            _tell_step(event, one, facts)
        elif event.kind == _PUT_OFF and event.data.get("to", "") > event.data.get("from", ""):
            facts.negatives.add("delay")
        elif event.kind == "job.resumed":
            facts.past.append(UpdateItem("resumed", event.at))
        elif event.kind == "survey.answered" and int(event.data.get("score", CONTENT_FROM)) < CONTENT_FROM:
            facts.negatives.add("complaint")
        elif event.kind in _BAD:
            facts.negatives.add(_BAD[event.kind])


def _tell_step(event: Event, one: FactsInput, facts: Facts) -> None:
    """Add an entered pipeline step if customers see it; several steps with the same text count once."""
    stage = pipeline_setup().stages.get(event.data.get("to") or 0)
    is_work = stage is not None and pipeline_setup().is_sold(stage.pk)
    text = None
    if stage and is_work:
        text = stage.customer_text(one.languages)
    if text and ("step", text.title) not in facts.told and all(item.what != text.title for item in facts.past):
        facts.past.append(UpdateItem("step", event.at, text.title))


def _read_appointments(by_job: Mapping[int, FactsInput], found: Mapping[int, Facts], now: datetime) -> None:
    first = min(one.since for one in by_job.values())
    rows = Appointment.objects.filter(job_id__in=list(by_job), changed_at__gt=first) | Appointment.objects.filter(
        job_id__in=list(by_job), ends_at__gt=now
    )
    read: list[Any] = list(rows.select_related("type").prefetch_related("attendances").order_by("starts_at", "pk"))
    for row in read:
        one = by_job[row.job_id]
        facts = found[row.job_id]
        if row.is_live and row.ends_at > now:
            facts.coming.append(UpdateItem("visit", row.starts_at, row.type.name, _attendee_names(row)))
            if row.asked_at:
                facts.negatives.add("delay")
            elif not row.is_confirmed:
                facts.wanted.append(UpdateItem("confirm", row.starts_at, row.type.name))
        elif row.changed_at > one.since:
            _tell_held(row, facts)


def _tell_held(row: Any, facts: Facts) -> None:
    if row.state == AppointmentState.DONE:
        if row.outcome == AppointmentOutcome.SUCCESSFUL:
            kind = "visited"
        else:
            kind = row.outcome
        facts.past.append(UpdateItem(kind, row.starts_at, row.type.name))
        if row.outcome == AppointmentOutcome.NOT_POSSIBLE:
            facts.negatives.add("failed")
    elif row.state == AppointmentState.CANCELLED:
        facts.past.append(UpdateItem("cancelled", row.starts_at, row.type.name))
        facts.negatives.add("cancelled")
    elif row.state == AppointmentState.NO_SHOW:
        facts.past.append(UpdateItem("nobody_there", row.starts_at, row.type.name))
        facts.negatives.add("failed")


def _attendee_names(row: Any) -> str:
    members = directory().members
    return ", ".join((first_name(members[pk].name) or members[pk].name) for pk in row.member_ids if pk in members)


def _read_projects(by_job: Mapping[int, FactsInput], found: Mapping[int, Facts], now: datetime) -> None:
    """Add milestones customers see (reached since, and the next two), and work on hold."""
    today = now.astimezone(directory().zone).date()
    read: list[Any] = list(Project.objects.filter(job_id__in=list(by_job)).prefetch_related("milestones"))
    for project in read:
        one = by_job[project.job_id]
        facts = found[project.job_id]
        milestones = sorted((row for row in project.milestones.all() if row.visibility == "customer"), key=_by_position)
        for row in milestones:
            words = row.text(one.languages)
            is_new = ("milestone_done", words) not in facts.told
            if row.done_at and one.since < row.done_at <= now and is_new:
                facts.past.append(UpdateItem("milestone_done", row.done_at, words))
        if project.is_held and project.held_at <= now:
            facts.past.append(UpdateItem("held", project.held_at, project.hold_reason))
            facts.negatives.add("hold")
        following = [row for row in milestones if not row.done_at or row.done_at > now]
        facts.is_done = bool(milestones) and not following
        for row in following[:2]:
            is_dated = row.planned_on is not None and row.planned_on >= today
            words = milestone_text(row.customer_texts, row.name, one.languages).coming
            facts.coming.append(UpdateItem("milestone", _noon_of(row.planned_on) if is_dated else None, words))
        if any(row.is_late(today) for row in following):
            facts.negatives.add("delay")


def _by_position(row: Any) -> tuple[int, int]:
    return row.position, row.pk


def _read_documents(by_job: Mapping[int, FactsInput], found: Mapping[int, Facts], now: datetime) -> None:
    """Add new documents and photos, and requested documents."""
    first = min(one.since for one in by_job.values())
    rows: Any = Document.objects.filter(job_id__in=list(by_job), visibility="customer", archived_at__isnull=True)
    photos: dict[int, list[Any]] = {}
    for row in rows.filter(changed_at__gt=first, sent_by__isnull=True).order_by("changed_at", "pk"):
        if not by_job[row.job_id].since < row.changed_at <= now:
            continue
        if row.is_photo:
            photos.setdefault(row.job_id, []).append(row)
        else:
            found[row.job_id].past.append(UpdateItem("documents", row.changed_at, row.title))
    for job_id, those in photos.items():
        found[job_id].past.append(UpdateItem("photos", those[-1].changed_at, str(len(those))))
    open_requests: Any = DocumentRequest.objects.filter(job_id__in=list(by_job), state__in=WAITING).order_by(
        "due_on", "pk"
    )
    for row in open_requests:
        found[row.job_id].wanted.append(UpdateItem("document", _noon_of(row.due_on), row.title))


def _noon_of(day: date | None) -> datetime | None:
    """Return noon of a day, an instant on the same day in all time zones near the tenant's."""
    if day:
        return datetime.combine(day, time(12), directory().zone)
    return None
