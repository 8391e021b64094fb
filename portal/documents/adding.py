"""Uploads by customers, whole or in chunks, for a request or by themselves. All require a code."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.documents.files.inspection import Inspected, inspect
from crm.documents.files.limits import check_size
from crm.documents.models import Document, DocumentRequest, DocumentVisibility, Upload
from crm.documents.upload_details import UploadDetails
from crm.documents.views.resumable import size_in, take, text_response, upload_created
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from portal.access.pages import PortalRequest, portal_page
from portal.documents.asked import found_request
from portal.documents.views import context_of
from portal.job.lookup import found_job
from portal.models.quotas import QuotaReached, spend_files

MOST_AT_ONCE = 20


@require_POST
@portal_page()
def add(request: PortalRequest, number: int) -> HttpResponse:
    """Store the files of a form, each by itself, so that one refused file does not block the others."""
    job, document_request = _upload_purpose(request, number)
    keeps_earlier = "keep" in request.POST
    files = request.FILES.getlist("file")[:MOST_AT_ONCE]
    kept = 0
    reached: QuotaReached | None = None
    if not files:
        messages.error(request, _("Choose a file first."))
    for file in files:
        try:
            check_size(file.name or "", file.size or 0)
            with transaction.atomic():
                spend_files(request.viewer.access, file.size or 0)
                store_upload(
                    request, job, inspect(file.read(), file.name or ""), document_request, keeps_earlier=keeps_earlier
                )
            kept += 1
        except QuotaReached as why:
            reached = why
            break
        except Refused as why:
            messages.error(request, str(why))
    if kept:
        words = ngettext(
            "Thank you, we’ve received %(count)s file.", "Thank you, we’ve received %(count)s files.", kept
        )
        messages.success(request, words % {"count": kept})
    if reached is not None:
        messages.error(request, str(reached))
        response = render(request, "portal/documents/page.html", context_of(request, job), status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    if document_request is not None:
        return redirect("portal:request", company=request.company.slug, uid=document_request.uid)
    return redirect("portal:documents", company=request.company.slug, number=number)


@require_POST
@portal_page()
def begin_upload(request: PortalRequest, number: int) -> HttpResponse:
    """Start an upload in chunks."""
    job, document_request = _upload_purpose(request, number)
    size = size_in(request)
    options = {}
    if "keep" in request.POST:
        options = {"keep": True}
    try:
        with transaction.atomic():
            upload = Upload.begin(
                request.POST.get("name", ""),
                size,
                person=request.viewer.person,
                job=job,
                request=document_request,
                told=options,
            )
            spend_files(request.viewer.access, size)
    except QuotaReached as why:
        response = text_response(str(why), HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return text_response(str(why))
    return upload_created(upload, reverse("portal:upload", kwargs={"company": request.company.slug, "uid": upload.uid}))


@portal_page()
def upload(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Store the next chunk of an upload; the last one creates the document."""
    own = Upload.objects.filter(person=request.viewer.person).select_related("job", "request")
    return take(request, get_object_or_404(own, uid=uid), lambda row: _finish_upload(request, row))


def _finish_upload(request: PortalRequest, row: Upload) -> None:
    if row.job is None:
        raise Http404("an upload of nothing")
    document_request = row.request
    if document_request is not None:
        found_request(request.viewer, document_request.uid)
    job = found_job(request.viewer, row.job.number, "" if document_request else "documents")
    store_upload(request, job, row.read_file(), document_request, keeps_earlier=bool(row.told.get("keep")))


def _upload_purpose(request: PortalRequest, number: int) -> tuple[Job, DocumentRequest | None]:
    """Return the job and, if any, the request of an upload. Raises Http404 if not theirs.

    Who is asked for something may send it, whatever else of the job they see.
    """
    uid = request.POST.get("request", "")
    if not uid:
        return found_job(request.viewer, number, "documents"), None
    try:
        document_request, job = found_request(request.viewer, UUID(uid))
    except ValueError:
        raise Http404("no request") from None
    if job.number != number:
        raise Http404("another job's request")
    return job, document_request


def store_upload(
    request: PortalRequest, job: Job, file: Inspected, asked: DocumentRequest | None, *, keeps_earlier: bool = False
) -> Document:
    """Store a file of the customer; for a request, as its next page until the request is accepted."""
    person = request.viewer.person
    row = Document.add(
        file,
        kind=asked.kind if asked else UploadDetails().kind(file),
        job=job,
        title=asked.title if asked else "",
        visibility=DocumentVisibility.CUSTOMER,
        sent_by=person,
    )
    if asked is not None:
        asked.refresh_from_db()
        if asked.takes_pages:
            asked.receive(row, keeps_earlier=keeps_earlier)
    return row
