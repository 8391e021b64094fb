"""Add documents: from a form, or in parts by the script; as new documents, or as the next version of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.documents.files.inspection import Inspected, inspect
from crm.documents.files.limits import check_size
from crm.documents.models import Document, Upload
from crm.documents.upload_details import UploadDetails, told_in
from crm.documents.views.found import found_document, found_job, found_person
from crm.documents.views.resumable import size_in, take, text_response, upload_created
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person
from crm.platform.models import Member
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit

# Of one form; a script sends them one by one.
MOST_AT_ONCE = 30


@require("documents.add")
@require_POST
def add_to_job(request: TenantRequest, number: int) -> HttpResponse:
    """Save the files of a form as documents of a lead."""
    job = found_job(request, number)
    return _keep_all(request, reverse("documents:of_job", args=[request.tenant.slug, number]), job=job)


@require("documents.add")
@require_POST
def add_to_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save the files of a form as documents of a customer."""
    person = found_person(request, uid)
    return _keep_all(request, reverse("documents:of_person", args=[request.tenant.slug, uid]), person=person)


@require("documents.add")
@require_POST
def replace(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save the file of a form as the next version of a document."""
    document = found_document(request, uid)
    return _keep_all(request, reverse("documents:document", args=[request.tenant.slug, uid]), document=document)


def _keep_all(request: TenantRequest, here: str, **about: Any) -> HttpResponse:
    """Save each file separately, so that a refused one does not stop the others."""
    kept = 0
    files = request.FILES.getlist("file")[: 1 if "document" in about else MOST_AT_ONCE]
    try:
        details = told_in(request.POST, request.member)
        if not files:
            raise Refused(_("Choose a file first."))
    except Refused as why:
        messages.warning(request, str(why))
        return redirect(safe_next(request) or here)
    for file in files:
        try:
            check_size(file.name or "", file.size or 0)
            with transaction.atomic():
                keep(inspect(file.read(), file.name or ""), details, by=request.member, **about)
            kept += 1
        except Refused as why:
            messages.warning(request, str(why))
    if kept:
        words = ngettext("%(count)s file added.", "%(count)s files added.", kept)
        messages.success(request, words % {"count": kept})
    return redirect(safe_next(request) or here)


def keep(
    file: Inspected,
    told: UploadDetails,
    *,
    by: Member,
    job: Job | None = None,
    person: Person | None = None,
    document: Document | None = None,
) -> Document:
    """Save a file as a new document of a lead or customer, or as the next version of a document."""
    if document is not None:
        document.replace(file, by=by, expires_on=told.expires_on)
        return document
    return Document.add(
        file,
        kind=told.kind(file),
        by=by,
        job=job,
        person=person,
        title=told.title,
        visibility=told.visibility,
        expires_on=told.expires_on,
    )


@require("documents.add")
@require_POST
@limit("uploads", "240/m")
def begin_upload(request: TenantRequest) -> HttpResponse:
    """Begin an upload in parts: for a lead (`lead`), a customer (`person`), or a document's next version."""
    try:
        about = _owner_of_upload(request)
        details = told_in(request.POST, request.member).as_json()
        if "person" in about:
            details["of_person"] = about.pop("person").pk
        name = request.POST.get("name", "")
        upload = Upload.begin(name, size_in(request), member=request.member, told=details, **about)
    except Refused as why:
        return text_response(str(why))
    return upload_created(upload, reverse("documents:upload", args=[request.tenant.slug, upload.uid]))


def _owner_of_upload(request: TenantRequest) -> dict[str, Any]:
    post = request.POST
    try:
        if number := post.get("lead", ""):
            return {"job": found_job(request, read_number(number) or 0)}
        if uid := post.get("person", ""):
            return {"person": found_person(request, UUID(uid))}
        return {"document": found_document(request, UUID(post.get("document", "")))}
    except ValueError:
        raise Http404 from None


@require("documents.add")
def upload(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Receive the next part of the member's own upload. The last part turns it into a document."""
    own = Upload.objects.filter(member=request.member).select_related("job", "document__kind")
    return take(request, get_object_or_404(own, uid=uid), lambda row: _store_document(request, row))


def _store_document(request: TenantRequest, row: Upload) -> None:
    """Create a document from an upload, if its member may still see the record it belongs to."""
    person = None
    if pk := row.told.get("of_person"):
        person = Person.objects.filter(pk=pk).first()
        if person:
            person = found_person(request, person.uid)
        else:
            person = None
    job = None
    if row.job:
        job = found_job(request, row.job.number)
    document = None
    if row.document:
        document = found_document(request, row.document.uid)
    keep(row.read_file(), UploadDetails.of_json(row.told), by=request.member, job=job, person=person, document=document)
