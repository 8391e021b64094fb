"""Documents of a lead or a customer: requests, papers and photos, within a page or as a separate page."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.documents.document_rows import asked_all, day_heading, shown_all
from crm.documents.files import limits
from crm.documents.gallery import group_photos
from crm.documents.kinds import offered_kinds
from crm.documents.models import Document, DocumentRequest
from crm.documents.models.document_request_record import WAITING, RequestState
from crm.documents.views.found import found_job, found_person
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

# So many are read for a page; the list has all of them. A panel shows a few.
MOST = 400
FEW = 5
FEW_PHOTOS = 6
RIGHTS = ("add", "share", "remove")


@require("documents.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show a lead's documents."""
    job = found_job(request, number)
    rows = Document.objects.visible_to(request.member).of_job(job)
    requests = DocumentRequest.objects.filter(job=job)
    return _render_page(
        request, job, rows, requests, job=job, here=reverse("documents:of_job", args=[request.tenant.slug, number])
    )


@require("documents.view")
def of_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a customer's documents: their own, and those of their leads."""
    person = found_person(request, uid)
    jobs = Job.objects.visible_to(request.member).filter(person=person)
    visible = Document.objects.visible_to(request.member)
    rows = visible.filter(job__in=jobs.order_by().values("pk")) | visible.filter(job=None, person=person)
    requests = DocumentRequest.objects.visible_to(request.member).filter(job__person=person)
    return _render_page(
        request,
        person,
        rows,
        requests,
        person=person,
        here=reverse("documents:of_person", args=[request.tenant.slug, uid]),
    )


def _render_page(
    request: TenantRequest,
    record: Job | Person,
    rows: "QuerySet[Document]",
    asked: "QuerySet[DocumentRequest]",
    *,
    here: str,
    job: Job | None = None,
    person: Person | None = None,
) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    documents = list(rows.order_by("-changed_at", "-pk")[:MOST])
    live = [row for row in documents if row.archived_at is None]
    photos = [row for row in live if row.in_gallery]
    papers = [row for row in live if not row.is_photo]
    requests = list(asked.select_related("job").prefetch_related("pages__document").order_by("-pk")[:MOST])
    open_ = [row for row in requests if row.is_waiting or row.state == RequestState.RECEIVED]
    if is_fragment(request):
        context = {
            "asked": asked_all(open_, reader),
            "papers": shown_all(papers[:FEW], reader),
            "photos": photos[:FEW_PHOTOS],
            "more": len({row.pk for row in live} - {row.pk for row in (*papers[:FEW], *photos[:FEW_PHOTOS])}),
            "here": here,
            "may": rights(request.member),
        }
        return render(request, "documents/of_record.html#part", context)
    AccessLog.objects.note_read(record, by=request.member)
    context = {
        "record": record,
        "back": record_url(record, request.tenant.slug),
        "here": here,
        "job": job,
        "person": person,
        "asked": asked_all(open_, reader),
        "closed": asked_all([row for row in requests if row not in open_], reader),
        "papers": shown_all(papers, reader),
        "groups": group_photos(job, photos, lambda row: day_heading(reader, row), for_customer=False) if job else [],
        "photos": photos,
        "archived": shown_all([row for row in documents if row.archived_at], reader),
        "may": rights(request.member),
        "may_ask": job is not None and job.is_open and allows(request.member, "documents.share"),
        **form_context(),
    }
    return render(request, "documents/of_record.html", context)


def rights(member: Member) -> dict[str, bool]:
    """Return the member's permissions for documents."""
    return {name: allows(member, f"documents.{name}") for name in RIGHTS}


def form_context() -> dict[str, Any]:
    """Return the template context of the form for new documents."""
    return {"kinds": offered_kinds(), "accepted": limits.ACCEPTED, "limits": limits.in_words(), "waiting": WAITING}
