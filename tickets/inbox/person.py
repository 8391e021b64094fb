"""The panel beside a conversation: person, contact points, jobs as bars, and other tickets."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.safestring import SafeString

from comms.models import Medium
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from tickets.inbox.usual_channel import usual_channel
from tickets.models import Participant, Ticket

MOST_JOBS = 4
MOST_TICKETS = 5
OF_TICKETS = "id number subject status last_message_at created_at".split()


@dataclass(frozen=True)
class PersonPoint:
    """A contact point: its display form, and its tel: or mailto: link."""

    value: str
    href: str
    icon: str
    note: str = ""
    # How the composer writes to it, and to what; blank where it can't.
    medium: str = ""
    address: str = ""


@dataclass(frozen=True)
class JobLine:
    """A job of the customer: bar, age, next step and place."""

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
    """Data of the panel beside the conversation."""

    points: list[PersonPoint] = field(default_factory=list)
    jobs: list[JobLine] = field(default_factory=list)
    tickets: list[TicketLine] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    # The ticket's lead, where the member sees it: it may be a colleague's where the ticket is their team's.
    own_job: Job | None = None
    # In words, the channel a regular customer uses most, on which answers begin.
    usual_channel: str = ""


def panel_of(ticket: Ticket, member: Member, reader: Reader, slug: str) -> Panel:
    """Load the panel, with four queries."""
    participants = list(Participant.objects.filter(ticket=ticket).order_by("-is_requester", "pk"))
    if ticket.person_id is None:
        own_job = None
        if ticket.job_id:
            own_job = Job.objects.visible_to(member).filter(pk=ticket.job_id).first()
        return Panel(participants=participants, own_job=own_job)
    jobs = _job_lines(ticket, member, reader, slug)
    points = ContactPoint.objects.filter(person_id=ticket.person_id).order_by("kind", "-verified_at", "pk")
    return Panel(
        points=[_contact_point(point, reader) for point in points],
        jobs=jobs,
        own_job=next((line.job for line in jobs if line.job.pk == ticket.job_id), None),
        tickets=_other_tickets(ticket, member, reader),
        participants=participants,
        usual_channel=str(Medium(medium).label) if (medium := usual_channel(ticket)) else "",
    )


def phones_of(person: Any) -> Any:
    """Return an expression for a person's numbers as JSON, last verified first."""
    rows = ContactPoint.objects.filter(person=person, kind=ContactPoint.PointKind.PHONE).order_by().values("person")
    every = JSONBAgg(JSONObject(value="value", note="note"), order_by=("-verified_at", "pk"))
    return Cast(Subquery(rows.annotate(every=every).values("every")), TextField())


def numbers(phones: str | None, reader: Reader) -> list[PersonPoint]:
    """Return the numbers of `phones_of` as tel: links."""
    return [_phone_point(one["value"], one["note"], reader) for one in json.loads(phones or "[]")]


def _phone_point(value: str, note: str, reader: Reader) -> PersonPoint:
    return PersonPoint(formats.phone(value, reader.country), f"tel:{value}", "phone", note, Medium.SMS, value)


def _contact_point(point: ContactPoint, reader: Reader) -> PersonPoint:
    if point.kind == ContactPoint.PointKind.PHONE:
        return _phone_point(point.value, point.note, reader)
    if point.kind == ContactPoint.PointKind.WHATSAPP:
        return PersonPoint(point.get_kind_display(), "", "message-circle-more", point.note)
    return PersonPoint(point.value, "", "mail", point.note, Medium.EMAIL, point.value)


def _job_lines(ticket: Ticket, member: Member, reader: Reader, slug: str) -> list[JobLine]:
    """Return the customer's jobs, the ticket's own first, then the open ones."""
    if ticket.person_id is None:
        return []
    rows = Job.objects.visible_to(member).filter(person_id=ticket.person_id).select_related("site")
    jobs = rows.in_list_order()[: 2 * MOST_JOBS]
    lines = []
    for job in sorted(jobs, key=lambda job: job.pk != ticket.job_id)[:MOST_JOBS]:
        words = ClockWords(job, reader)
        lines.append(
            JobLine(job, record_url(job, slug), words.bar(shapes()[job.pipeline_id]), words, _job_address(job))
        )
    return lines


def _job_address(job: Job) -> str:
    """Return the address of a job: its property's, else the typed one."""
    if job.site:
        return job.site.one_line
    return job.place


def _other_tickets(ticket: Ticket, member: Member, reader: Reader) -> list[TicketLine]:
    if ticket.person_id is None:
        return []
    rows = Ticket.objects.visible_to(member).filter(person_id=ticket.person_id, merged_into__isnull=True)
    others = rows.exclude(pk=ticket.pk).order_by("-last_message_at", "-pk").only(*OF_TICKETS)[:MOST_TICKETS]
    return [TicketLine(other, reader.day(other.last_message_at or other.created_at)) for other in others]
