"""What customers of two reps were asked for: one paper is late, one has come in, one expires soon."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import override

from crm.documents.files.inspection import inspect
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentKind, DocumentRequest, Visibility
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from demo.documents import drawn, pdf


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
    """Create it inside the tenant, after its documents."""
    here = directory()
    titles = TITLES.get(here.tenant.language, TITLES["en"])
    reps = [row for row in here.members.values() if row.role == Role.REP and row.active]
    with override(here.tenant.language):
        for rep in reps[:2]:
            jobs = list(
                Job.objects.open()
                .filter(member=rep, person__isnull=False, stage__isnull=False, waiting_since=None)
                .filter(entered_at__lt=now - timedelta(days=7))
                .exclude(person__contact_points__value__startswith="customer@")
                .select_related("person", "site", "member")
                .order_by("level", "number")[:4]
            )
            if len(jobs) == 4:
                _ask_all(jobs, rep, titles, now)


def _kind(position: int) -> DocumentKind:
    """Return one of the kinds a tenant starts with, by its place among them."""
    return list(document_kinds().values())[position]


def _ask_all(jobs: list[Job], rep: Member, titles: Titles, now: datetime) -> None:
    late, received, coming, expiring = jobs
    with clock.at(now - timedelta(days=6)):
        _ask(late, titles.late, rep, titles.note, 4)
        request = _ask(received, titles.received, rep, titles.note, 8)
    with clock.at(now - timedelta(hours=4)):
        photo = Document.add(
            inspect(drawn(0.1), "photo.jpg"),
            kind=_kind(2),
            by=None,
            job=received,
            title=titles.received,
            visibility=Visibility.CUSTOMER,
        )
        request.receive(photo)
    with clock.at(now - timedelta(hours=26)):
        _ask(coming, titles.coming, rep, "", 5)
        paper = Document.add(
            inspect(pdf([titles.paper, expiring.title]), "paper.pdf"),
            kind=_kind(4),
            by=rep,
            job=expiring,
            title=titles.expiring,
            visibility=Visibility.CUSTOMER,
        )
        paper.set_expiry((now + timedelta(days=18)).date(), by=rep)


def _ask(job: Job, title: str, by: Member, note: str, days: int) -> DocumentRequest:
    due_on = clock.now().astimezone(directory().zone).date() + timedelta(days=days)
    return DocumentRequest.ask(job, title, kind=_kind(3), by=by, note=note, due_on=due_on)
