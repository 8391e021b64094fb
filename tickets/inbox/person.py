"""The panel beside a conversation: who it is, how they are reached, their jobs as bars, what else they wrote about."""

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.safestring import SafeString

from comms.models import Medium
from crm.jobs.bar.shapes import shapes
from crm.jobs.clock.words import ClockWords
from crm.jobs.list.rows import SHOWN as OF_JOBS
from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.kernel import formats
from crm.people.models import ContactPoint, Property
from crm.platform.database.kept_statements import read_kept
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from tickets.inbox.usual_channel import usual_channel
from tickets.models import Participant, Ticket
from tickets.models.queryset import sight_of

MOST_JOBS, MOST_TICKETS = 4, 5
OF_SITES = "street city region postcode country".split()
OF_PARTICIPANTS, OF_POINTS = (
    tuple(field.attname for field in model._meta.concrete_fields) for model in (Participant, ContactPoint)
)
OF_TICKETS = "id number subject status last_message_at created_at".split()


@dataclass(frozen=True)
class Point:
    """A way to reach the customer, as it is read, and the address that dials or writes."""

    value: str
    href: str
    icon: str
    note: str = ""
    # How the composer writes to it, and to what; blank where it can't.
    medium: str = ""
    address: str = ""


@dataclass(frozen=True)
class JobLine:
    """A job of the customer: its bar, its age, its next step and where it is."""

    job: Job
    url: str
    bar: SafeString
    words: ClockWords
    place: str


@dataclass(frozen=True)
class TicketLine:
    """Another ticket of the customer."""

    ticket: Ticket
    when: str


@dataclass(frozen=True)
class Panel:
    """What stands beside the conversation."""

    points: list[Point] = field(default_factory=list)
    jobs: list[JobLine] = field(default_factory=list)
    tickets: list[TicketLine] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    # The ticket's lead, where the member sees it: it may be a colleague's where the ticket is their team's.
    own_job: Job | None = None
    # In words, the channel a regular customer uses most, on which answers begin.
    usual_channel: str = ""


def panel_of(ticket: Ticket, member: Member, reader: Reader, slug: str) -> Panel:
    """Read the panel, in four statements."""
    participants = read_kept("participants", Participant, [ticket.pk], _participants, OF_PARTICIPANTS)
    if ticket.person_id is None:
        own_job = Job.objects.visible_to(member).filter(pk=ticket.job_id).first() if ticket.job_id else None
        return Panel(participants=participants, own_job=own_job)
    jobs = _jobs(ticket, member, reader, slug)
    points = read_kept("points of a person", ContactPoint, [ticket.person_id], _points, OF_POINTS)
    return Panel(
        points=[_point(point, reader) for point in points],
        jobs=jobs,
        own_job=next((line.job for line in jobs if line.job.pk == ticket.job_id), None),
        tickets=_others(ticket, member, reader),
        participants=participants,
        usual_channel=str(Medium(medium).label) if (medium := usual_channel(ticket)) else "",
    )


def phones_of(person: Any) -> Any:
    """Return an expression for the numbers of a person, as JSON: those verified last come first."""
    rows = ContactPoint.objects.filter(person=person, kind=ContactPoint.Kind.PHONE).order_by().values("person")
    every = JSONBAgg(JSONObject(value="value", note="note"), order_by=("-verified_at", "pk"))
    return Cast(Subquery(rows.annotate(every=every).values("every")), TextField())


def numbers(phones: str | None, reader: Reader) -> list[Point]:
    """Return what `phones_of` told, to be dialled."""
    return [_phone(one["value"], one["note"], reader) for one in json.loads(phones or "[]")]


def _phone(value: str, note: str, reader: Reader) -> Point:
    return Point(formats.phone(value, reader.country), f"tel:{value}", "phone", note, Medium.SMS, value)


def _point(point: ContactPoint, reader: Reader) -> Point:
    if point.kind == ContactPoint.Kind.PHONE:
        return _phone(point.value, point.note, reader)
    if point.kind == ContactPoint.Kind.WHATSAPP:
        return Point(point.get_kind_display(), "", "message-circle-more", point.note)
    return Point(point.value, "", "mail", point.note, Medium.EMAIL, point.value)


def _jobs(ticket: Ticket, member: Member, reader: Reader, slug: str) -> list[JobLine]:
    """Return the customer's jobs, the ticket's own first, then the open ones."""
    if ticket.person_id is None:
        return []
    sites = (f"site__{name}" for name in OF_SITES)
    seen = partial(_seen_jobs, member)
    jobs = read_kept("jobs of a person", Job, [ticket.person_id], seen, OF_JOBS, *sites, shape=(limited_to(member),))
    lines = []
    for job in sorted(jobs, key=lambda job: job.pk != ticket.job_id)[:MOST_JOBS]:
        words = ClockWords(job, reader)
        lines.append(JobLine(job, record_url(job, slug), words.bar(shapes()[job.pipeline_id]), words, _place(job)))
    return lines


def _place(job: Job) -> str:
    """Return where a job is: its property's address, else what was written."""
    site = {name: getattr(job, f"site__{name}") for name in OF_SITES}
    return job.place if site["street"] is None else Property(**site).one_line


def _others(ticket: Ticket, member: Member, reader: Reader) -> list[TicketLine]:
    if ticket.person_id is None:
        return []
    values, seen = [ticket.person_id, ticket.pk], partial(_seen_tickets, member)
    others = read_kept("tickets of a person", Ticket, values, seen, OF_TICKETS, shape=sight_of(member))
    return [TicketLine(one, reader.day(one.last_message_at or one.created_at)) for one in others]


def _participants(ticket: int) -> Any:
    return Participant.objects.filter(ticket_id=ticket).order_by("-is_requester", "pk")


def _points(person: int) -> Any:
    return ContactPoint.objects.filter(person_id=person).order_by("kind", "-verified_at", "pk")


def _seen_jobs(member: Member, person: int) -> Any:
    return Job.objects.visible_to(member).filter(person_id=person).in_list_order()[: 2 * MOST_JOBS]


def _seen_tickets(member: Member, person: int, ticket: int) -> Any:
    rows = Ticket.objects.visible_to(member).filter(person_id=person, merged_into__isnull=True)
    return rows.exclude(pk=ticket).order_by("-last_message_at", "-pk")[:MOST_TICKETS]
