"""Documents a viewer may see, prepared for a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404

from crm.documents.document_rows import type_name
from crm.documents.kinds import document_kinds
from crm.documents.models import Document
from crm.documents.serving.answers import may_open
from crm.jobs.models import Job
from crm.kernel.formats import size_in_words
from crm.platform.files.media_types import PREVIEWED
from portal.access.viewer import Level, PortalViewer
from portal.job.calendar import CustomerCalendar

# A page shows so many; nobody has more of one job.
MOST = 400


@dataclass(frozen=True)
class Paper:
    """A document as shown on the customer's page. `is_locked`: opening it requires a code."""

    row: Document
    kind: str
    what: str
    day: str
    is_locked: bool
    has_image: bool
    opens: bool


def is_personal(row: Document) -> bool:
    """True if it has personal data: only signed-in viewers may open it (docs/rules.md#portal-access)."""
    return document_kinds()[row.kind_id].is_personal or row.job_id is None


def may_see(viewer: PortalViewer, job: Job, row: Document) -> bool:
    """True if the viewer may see that a document of their job exists; opening a personal one requires a code."""
    if not row.is_shown:
        return False
    if row.sent_by_id == viewer.person.pk and viewer.level >= Level.SESSION:
        return True
    if row.job_id is None and row.person_id is not None:
        return bool(row.person_id == viewer.person.pk and viewer.level >= Level.SESSION)
    about = document_kinds()[row.kind_id].about
    if about and (viewer.level < Level.SESSION or not viewer.may(job, about)):
        return False
    return viewer.may(job, "photos" if row.is_photo else "documents")


def documents_of(viewer: PortalViewer, job: Job) -> list[Document]:
    """Return the documents of a job that the viewer may see, newest first."""
    rows = Document.objects.for_customer().of_job(job).order_by("-changed_at", "-pk")[:MOST]
    return [row for row in rows if may_see(viewer, job, row)]


def found_document(viewer: PortalViewer, uid: UUID) -> tuple[Document, Job]:
    """Return a document the viewer may see, and its job. Raises Http404."""
    row = Document.objects.for_customer().select_related("job__site", "job__brand").filter(uid=uid).first()
    job = None
    if row:
        job = _job_of(viewer, row)
    if row is None or job is None or not may_see(viewer, job, row):
        raise Http404("not their document")
    return row, job


def _job_of(viewer: PortalViewer, row: Document) -> Job | None:
    """Return the job through which the viewer may see a document; a link to one document opens no job."""
    if viewer.document:
        linked = None
        if str(row.uid) == viewer.document:
            linked = row.job
        if linked is not None and viewer.roles(linked):
            return linked
        return None
    jobs: Any = viewer.jobs().select_related("site", "brand")
    if row.job_id:
        jobs = jobs.filter(pk=row.job_id)
    elif row.person_id:
        jobs = jobs.filter(person_id=row.person_id)
    else:
        jobs = jobs.filter(site_id=row.site_id)
    job: Job | None = jobs.order_by("-pk").first()
    return job


def papers_of(rows: Iterable[Document], viewer: PortalViewer, calendar: CustomerCalendar) -> list[Paper]:
    """Return documents as papers for a page. No query."""
    return [_build_paper(row, viewer, calendar) for row in rows]


def _build_paper(row: Document, viewer: PortalViewer, calendar: CustomerCalendar) -> Paper:
    return Paper(
        row=row,
        kind=document_kinds()[row.kind_id].name,
        what=f"{type_name(row.media_type)}, {size_in_words(row.size)}",
        day=calendar.short(calendar.day_of(row.created_at)),
        is_locked=viewer.level < Level.SESSION and is_personal(row),
        has_image=row.media_type in PREVIEWED,
        opens=may_open(row.media_type),
    )
