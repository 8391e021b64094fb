"""Views of a job's documents, of one document, and of its file by an expiring URL."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.documents.files import limits
from crm.documents.gallery import Heading, group_photos
from crm.documents.models import Document, DocumentVersion
from crm.documents.serving.addresses import AddressUse
from crm.documents.serving.answers import may_open
from crm.jobs.models import Job
from crm.kernel import clock
from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level
from portal.documents.asked import asked_cards
from portal.documents.holder import url_for
from portal.documents.reading import documents_of, found_document, is_personal, papers_of
from portal.job.calendar import CustomerCalendar
from portal.job.choice import JobChoice, choose_part
from portal.job.lookup import found_job


@require_safe
@portal_page(level=Level.LINK)
def documents_page(request: PortalRequest, number: int) -> HttpResponse:
    """Show requests with an upload form, documents, and photos by milestone or day."""
    job = found_job(request.viewer, number)
    return render(request, "portal/documents/page.html", context_of(request, job))


def context_of(request: PortalRequest, job: Job) -> dict[str, Any]:
    """Return the context of a job's documents page. The number of queries is constant."""
    viewer = request.viewer
    calendar = CustomerCalendar.of(job, clock.now())
    rows = documents_of(viewer, job)
    photos = [row for row in rows if row.in_gallery]
    other = [row for row in rows if not row.is_photo]
    return {
        "job": job,
        "asked": asked_cards(viewer, job, calendar),
        "papers": papers_of(other, viewer, calendar),
        "groups": _gallery_groups(request, job, photos, calendar),
        "may_send": viewer.may_act and viewer.may(job, "documents"),
        **sending_context(request, job),
    }


def sending_context(request: PortalRequest, job: Job) -> dict[str, Any]:
    """Return the context of an upload form."""
    return {
        "accepted": limits.ACCEPTED,
        "limits": limits.in_words(),
        "upload_url": reverse("portal:begin_upload", kwargs={"company": request.company.slug, "number": job.number}),
    }


def _gallery_groups(request: PortalRequest, job: Job, photos: list[Document], calendar: CustomerCalendar) -> list[Any]:
    """Photos grouped by heading, each with its thumbnail URL."""
    visible_photos = [row for row in photos if request.viewer.level >= Level.SESSION or not is_personal(row)]
    versions = DocumentVersion.objects.filter(document__in=visible_photos, number=F("document__number"))
    small = {
        version.document_id: url_for(request.viewer, version, AddressUse.SMALL)
        for version in (versions if visible_photos else ())
        if version.has_preview
    }

    def day(row: Document) -> Heading:
        at = calendar.day_of(row.taken_at)
        return Heading((1, f"{99_999_999 - int(at.strftime('%Y%m%d')):08}"), calendar.say(at))

    groups = group_photos(job, visible_photos, day, for_customer=True)
    gallery: dict[Heading, list[tuple[Document, str]]] = defaultdict(list)
    for group in groups:
        gallery[group.heading] = [(row, small.get(row.pk, "")) for row in group.photos]
    return [(heading.words, rows) for heading, rows in gallery.items()]


@require_safe
@portal_page(level=Level.LINK)
def newest(request: PortalRequest) -> HttpResponse:
    """Open the documents of their newest job; with several jobs, show the choice first."""
    nothing = _("You have no job with documents yet.")
    sections = ("documents", "photos")
    return choose_part(request, JobChoice("portal:documents", sections, "file-text", _("Documents"), nothing))


@require_safe
@portal_page(level=Level.LINK)
def document_page(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Show one document: a preview image, and links to open or download it."""
    row, job = found_document(request.viewer, uid)
    if _needs_code(request, row):
        return _to_code(request)
    calendar = CustomerCalendar.of(job, clock.now())
    version = row.current
    context = {
        "job": None if request.viewer.document else job,
        "paper": papers_of([row], request.viewer, calendar)[0],
        "image": url_for(request.viewer, version, AddressUse.LARGE) if version.has_preview else "",
        "until": calendar.say(row.expires_on) if row.expires_on else "",
    }
    return render(request, "portal/documents/document.html", context)


@require_safe
@portal_page(level=Level.LINK)
def document_file(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Redirect to the file by an expiring URL; `?open` displays it in the browser."""
    row, _job = found_document(request.viewer, uid)
    if _needs_code(request, row):
        return _to_code(request)
    opens = "open" in request.GET and may_open(row.media_type)
    return redirect(url_for(request.viewer, row.current, AddressUse.OPEN if opens else AddressUse.DOWNLOAD))


def _needs_code(request: PortalRequest, row: Document) -> bool:
    return request.viewer.level < Level.SESSION and is_personal(row)


def _to_code(request: PortalRequest) -> HttpResponse:
    """Redirect to the code form, then back."""
    sign_in = reverse("portal:sign_in", kwargs={"company": request.company.slug})
    return redirect(f"{sign_in}?{urlencode({'next': request.path})}")
