"""Look up the objects named in document URLs among those a member may see. Each function raises Http404."""

from uuid import UUID

from django.http import Http404

from crm.documents.models import Document, DocumentVersion
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.people.models import Person
from crm.web.requests.http import TenantRequest


def found_job(request: TenantRequest, number: int) -> Job:
    job: Job | None = Job.objects.visible_to(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    return job


def found_person(request: TenantRequest, uid: UUID) -> Person:
    person: Person | None = visible_people(request.member).filter(uid=uid).first()
    if person is None:
        raise Http404
    return person


def found_document(request: TenantRequest, uid: UUID) -> Document:
    visible = Document.objects.visible_to(request.member).select_related("kind", "job", "person", "site")
    document: Document | None = visible.filter(uid=uid).first()
    if document is None:
        raise Http404
    return document


def found_version(request: TenantRequest, uid: UUID, number: int) -> tuple[Document, DocumentVersion]:
    document = found_document(request, uid)
    version = document.versions.select_related("file", "thumbnail").filter(number=number).first()
    if version is None:
        raise Http404
    return document, version
