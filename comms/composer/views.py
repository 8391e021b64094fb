"""The composer of a job and of a person."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from comms.composer.answer import answer
from comms.composer.matter import Matter
from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

PERMISSION = "comms.send"


@require(PERMISSION)
def write(request: TenantRequest, number: int) -> HttpResponse:
    """Write to the customer of a job."""
    job: Job | None = (
        Job.objects.visible_to(request.member).filter(number=number).select_related("person", "site").first()
    )
    if job is None:
        raise Http404
    slug = request.tenant.slug
    url = reverse("composer:write", args=[slug, number])
    brand = directory().brands[job.brand_id]
    return answer(request, Matter(job.title, brand, job.person, url, record_url(job, slug), job=job))


@require(PERMISSION)
def write_to_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Write to a person, from the brand of their latest work."""
    person: Person = get_object_or_404(Person.objects.distinct_ones(), uid=uid)
    if hidden_people([person.pk], request.member):
        raise Http404
    slug = request.tenant.slug
    url = reverse("composer:person", args=[slug, uid])
    return answer(request, Matter(person.name, _brand(request, person), person, url, record_url(person, slug)))


def _brand(request: TenantRequest, person: Person) -> Brand:
    job = Job.objects.visible_to(request.member).filter(person=person).order_by("-pk").first()
    return directory().brands[job.brand_id] if job else directory().default_brand
