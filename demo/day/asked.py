"""What customers of two reps were asked for: one paper is late, one has come in, one expires soon."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import override

from crm.documents.files.inspection import inspect
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentKind, DocumentRequest, DocumentVisibility
from crm.jobs.models import Job, Level, Side
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from demo.documents import drawn, pdf

# How many jobs of a rep something is asked of.
MOST = 3


class Titles(NamedTuple):
    """What is asked for, and what came in."""

    late: str
    received: str
    coming: str
    note: str
    expiring: str
    paper: str


TITLES: Mapping[str, Titles] = {
    "en": Titles(
        "HOA letter of approval",
        "Photos of the attic",
        "Last bill of your insurer",
        "Two or three are enough.",
        "Insurance policy",
        "Insurance policy of the owner",
    ),
    "nl": Titles(
        "Akkoord van de VvE",
        "Foto’s van de meterkast",
        "Laatste energierekening",
        "Twee of drie zijn genoeg.",
        "Opstalverzekering",
        "Opstalverzekering van de eigenaar",
    ),
}


def create_asked(now: datetime) -> None:
    """Create it inside the tenant, after its documents: on jobs that wait for their customer anyway."""
    here = directory()
    titles = TITLES.get(here.tenant.language, TITLES["en"])
    members = sorted(here.members.values(), key=lambda row: row.pk)
    reps = [row for row in members if row.role == Role.REP and row.active]
    with override(here.tenant.language):
        for number, rep in enumerate(reps[:2]):
            theirs = _jobs_of(rep, now, Side.CUSTOMER)
            if len(theirs) >= MOST:
                _ask_all(theirs, rep, titles, now)
            ours = _jobs_of(rep, now, Side.US)
            # The first rep's list is the design's: nothing on it changes hands.
            if number and ours:
                _receive(ours[0], rep, titles, now)


def _jobs_of(rep: Member, now: datetime, side: Side) -> list[Job]:
    """Return the rep's jobs of that side that have been here for longer than anything is asked."""
    jobs = Job.objects.open().filter(member=rep, side=side, person__isnull=False, stage__isnull=False)
    jobs = jobs.filter(came_in_at__lt=now - timedelta(days=7), waiting_since=None)
    jobs = jobs.exclude(level=Level.HOLD).exclude(person__contact_points__value__startswith="customer@")
    return list(jobs.select_related("person", "site", "member").order_by("number")[:MOST])


def _kind(position: int) -> DocumentKind:
    """Return one of the kinds a tenant starts with, by its place among them."""
    return list(document_kinds().values())[position]


def _ask_all(jobs: list[Job], rep: Member, titles: Titles, now: datetime) -> None:
    late, coming, expiring = jobs
    with clock.at(now - timedelta(days=6)):
        _ask(late, titles.late, rep, titles.note, 4)
    with clock.at(now - timedelta(hours=26)):
        _ask(coming, titles.coming, rep, "", 5)
        paper = Document.add(
            inspect(pdf([titles.paper, expiring.title]), "paper.pdf"),
            kind=_kind(4),
            by=rep,
            job=expiring,
            title=titles.expiring,
            visibility=DocumentVisibility.CUSTOMER,
        )
        paper.set_expiry((now + timedelta(days=18)).date(), by=rep)


def _receive(job: Job, rep: Member, titles: Titles, now: datetime) -> None:
    """Ask for photos, and have them come in: both now, as a job's clock follows whose move it is."""
    request = _ask(job, titles.received, rep, titles.note, 8)
    photo = Document.add(
        inspect(drawn(0.1), "photo.jpg"),
        kind=_kind(2),
        by=None,
        job=job,
        title=titles.received,
        visibility=DocumentVisibility.CUSTOMER,
    )
    request.receive(photo)


def _ask(job: Job, title: str, by: Member, note: str, days: int) -> DocumentRequest:
    due_on = clock.now().astimezone(directory().zone).date() + timedelta(days=days)
    return DocumentRequest.ask(job, title, kind=_kind(3), by=by, note=note, due_on=due_on)
