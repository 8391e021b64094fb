"""The composer of a job and of a person."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from comms.composer.composer_response import answer
from comms.composer.matter import Matter
from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest, page_path
from crm.web.requests.local_path import local_path
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
    back = _page_behind(request, url) or record_url(job, slug)
    return answer(request, Matter(job.title, brand, job.person, url, back, job=job))


@require(PERMISSION)
def write_to_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Write to a person, from the brand of their latest job."""
    person: Person = get_object_or_404(Person.objects.distinct_ones(), uid=uid)
    if hidden_people([person.pk], request.member):
        raise Http404
    slug = request.tenant.slug
    url = reverse("composer:person", args=[slug, uid])
    back = _page_behind(request, url) or record_url(person, slug)
    return answer(request, Matter(person.name, _brand_for(request, person), person, url, back))


def _page_behind(request: TenantRequest, url: str) -> str:
    """Return the page behind the composer's dialog, such as a list; blank if it is a separate page."""
    page = ""
    if request.htmx:
        page = local_path(page_path(request), below=f"/{request.tenant.slug}/")
    if page.startswith(url):
        return ""
    return page


def _brand_for(request: TenantRequest, person: Person) -> Brand:
    job = Job.objects.visible_to(request.member).filter(person=person).order_by("-pk").first()
    if job:
        return directory().brands[job.brand_id]
    return directory().default_brand
