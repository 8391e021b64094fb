"""What customers send: plainly or in pieces, as an answer to a request or by itself. All of it needs a code."""

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
from crm.documents.models import Document, DocumentRequest, Upload, Visibility
from crm.documents.views.resumable import begun, said, size_in, take
from crm.documents.written import Told
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from portal.access.pages import PortalRequest, portal_page
from portal.documents.views import context_of
from portal.job.lookup import found_job
from portal.models.quotas import QuotaReached, spend_files

MOST_AT_ONCE = 20


@require_POST
@portal_page()
def add(request: PortalRequest, number: int) -> HttpResponse:
    """Keep the files of a form; each by itself, so that one that is refused holds up no other."""
    job = _job(request, number)
    asked = _request_in(request, job)
    files, kept = request.FILES.getlist("file")[:MOST_AT_ONCE], 0
    reached: QuotaReached | None = None
    if not files:
        messages.error(request, _("Choose a file first."))
    for file in files:
        try:
            check_size(file.name or "", file.size or 0)
            with transaction.atomic():
                spend_files(request.viewer.access, file.size or 0)
                keep(request, job, inspect(file.read(), file.name or ""), asked)
            kept += 1
        except QuotaReached as why:
            reached = why
            break
        except Refused as why:
            messages.error(request, str(why))
    if kept:
        words = ngettext("Thank you: %(count)s file is with us.", "Thank you: %(count)s files are with us.", kept)
        messages.success(request, words % {"count": kept})
    if reached is not None:
        messages.error(request, str(reached))
        response = render(request, "portal/documents/page.html", context_of(request, job), status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    return redirect("portal:documents", company=request.company.slug, number=number)


@require_POST
@portal_page()
def begin_upload(request: PortalRequest, number: int) -> HttpResponse:
    """Begin to take a file in pieces."""
    job = _job(request, number)
    size, asked = size_in(request), _request_in(request, job)
    try:
        with transaction.atomic():
            upload = Upload.begin(
                request.POST.get("name", ""), size, person=request.viewer.person, job=job, request=asked
            )
            spend_files(request.viewer.access, size)
    except QuotaReached as why:
        response = said(str(why), HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return said(str(why))
    return begun(upload, reverse("portal:upload", kwargs={"company": request.company.slug, "uid": upload.uid}))


@portal_page()
def upload(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Take the next piece of an upload of theirs; with the last one it is a document."""
    own = Upload.objects.filter(person=request.viewer.person).select_related("job", "request")
    return take(request, get_object_or_404(own, uid=uid), lambda row: _finish(request, row))


def _finish(request: PortalRequest, row: Upload) -> None:
    if row.job is None:
        raise Http404("an upload of nothing")
    keep(request, _job(request, row.job.number), row.inspected(), row.request)


def _job(request: PortalRequest, number: int) -> Job:
    return found_job(request.viewer, number, "documents")


def _request_in(request: PortalRequest, job: Job) -> DocumentRequest | None:
    """Return the request a form answers, of this job and of them; None for none. Raises Http404 for another's."""
    uid = request.POST.get("request", "")
    if not uid:
        return None
    try:
        row = DocumentRequest.objects.filter(job=job, uid=UUID(uid)).first()
    except ValueError:
        row = None
    if row is None or (row.person_id or job.person_id) != request.viewer.person.pk:
        raise Http404("not asked of them")
    return row


def keep(request: PortalRequest, job: Job, file: Inspected, asked: DocumentRequest | None) -> Document:
    """Keep a file the customer sent; the first of an answer is what was asked for, more stand beside it."""
    person = request.viewer.person
    row = Document.add(
        file,
        kind=asked.kind if asked else Told().kind(file),
        job=job,
        title=asked.title if asked else "",
        visibility=Visibility.CUSTOMER,
        sent_by=person,
    )
    if asked is not None:
        asked.refresh_from_db()
        if asked.is_waiting:
            asked.receive(row)
    return row
