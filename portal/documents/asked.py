"""Document requests on the customer's page: who may answer one, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentRequest, DocumentVersion, RequestPage
from crm.documents.models.document_request_record import RequestState
from crm.documents.serving.addresses import AddressUse
from crm.jobs.models import Job
from portal.access.viewer import Level, PortalViewer
from portal.documents.holder import url_for
from portal.job.calendar import CustomerCalendar

MOST_REQUESTS = 50
# What is still, or was just, between us: shown among the documents.
_SHOWN = (RequestState.OPEN, RequestState.SENT, RequestState.REFUSED, RequestState.RECEIVED)


@dataclass(frozen=True)
class SentPage:
    """An uploaded page: its number, thumbnail, and whether it can be removed."""

    number: int
    document: Document
    small: str
    is_own: bool


@dataclass(frozen=True)
class AskedCard:
    """A request as shown on a page. `title` is shortened for a viewer by link."""

    row: DocumentRequest
    title: str
    until: str
    pages: Sequence[SentPage]
    is_closed: bool

    @property
    def waits(self) -> bool:
        return self.row.is_waiting and not self.is_closed

    @property
    def takes_pages(self) -> bool:
        return self.row.takes_pages and not self.is_closed

    @property
    def is_accepted(self) -> bool:
        return bool(self.row.state == RequestState.ACCEPTED)


def found_request(viewer: PortalViewer, uid: UUID) -> tuple[DocumentRequest, Job]:
    """Return a request the viewer may answer, and its job. Raises Http404."""
    row = DocumentRequest.objects.filter(uid=uid).first()
    jobs: Any = viewer.jobs().select_related("site", "brand")
    job: Job | None = None
    if row:
        job = jobs.filter(pk=row.job_id).first()
    if row is None or job is None or not viewer.may_answer(job, row.person_id):
        raise Http404("not asked of them")
    return row, job


def names_little(viewer: PortalViewer, row: DocumentRequest) -> bool:
    """True if a viewer by link sees a shortened title: for personal data, money or a claim.

    The link of the message that asked for it named it there.
    """
    if viewer.level >= Level.SESSION or (viewer.link and viewer.link.request == str(row.uid)):
        return False
    return document_kinds()[row.kind_id].is_private


def asked_cards(viewer: PortalViewer, job: Job, calendar: CustomerCalendar) -> list[AskedCard]:
    """Return open requests, earliest due first. Two queries."""
    rows = DocumentRequest.objects.filter(job=job, state__in=_SHOWN).order_by("due_on", "pk")[:MOST_REQUESTS]
    mine = [row for row in rows if viewer.may_answer(job, row.person_id)]
    return cards_of(viewer, job, mine, calendar)


def cards_of(
    viewer: PortalViewer, job: Job, rows: Sequence[DocumentRequest], calendar: CustomerCalendar
) -> list[AskedCard]:
    """Return requests as cards for a page."""
    pages = {}
    if rows and viewer.level >= Level.SESSION:
        pages = _pages_by_request(viewer, rows)
    return [
        AskedCard(
            row,
            _("A document") if names_little(viewer, row) else row.title,
            calendar.say(row.due_on) if row.due_on else "",
            pages.get(row.pk, []),
            is_closed=not job.is_open,
        )
        for row in rows
    ]


def _pages_by_request(viewer: PortalViewer, rows: Sequence[DocumentRequest]) -> dict[int, list[SentPage]]:
    read: Any = RequestPage.objects.filter(request__in=rows).select_related("document").order_by("position", "pk")
    pages = list(read)
    own = [page.document_id for page in pages if page.document.sent_by_id == viewer.person.pk]
    versions = DocumentVersion.objects.filter(document__in=own, number=F("document__number"))
    small = {
        version.document_id: url_for(viewer, version, AddressUse.SMALL)
        for version in (versions if own else ())
        if version.has_preview
    }
    cards: dict[int, list[SentPage]] = {row.pk: [] for row in rows}
    for page in pages:
        card = cards[page.request_id]
        document = page.document
        is_own = document.sent_by_id == viewer.person.pk
        card.append(SentPage(len(card) + 1, document, small.get(document.pk, ""), is_own))
    return cards
