"""Views that start a preview as a customer, from the customer's page, and end it."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.jobs.customer_visibility import visible_people
from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import AccessLog
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.access import cookies, preview
from portal.access.pages import PortalRequest, public_page
from quotes.models import Quote


@require(preview.PERMISSION)
@require_POST
def look(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Start a preview as a customer for half an hour, on the page of a job or their first page.

    Recorded as an event and in the access log.
    """
    person = seen_person(request, uid)
    number = read_number(request.POST.get("job"))
    if number is not None:
        return _begin_preview(request, person, reverse("portal:job", args=[request.tenant.slug, number]))
    return _begin_preview(request, person, reverse("portal:home", args=[request.tenant.slug]))


@require(preview.PERMISSION)
@require_POST
def look_at_job(request: TenantRequest, number: int) -> HttpResponse:
    """Start a preview as the customer of a job, on its page. Raises Http404 if either is not visible."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    person = get_object_or_404(visible_people(request.member), pk=job.person_id)
    return _begin_preview(request, person, reverse("portal:job", args=[request.tenant.slug, number]))


@require(preview.PERMISSION)
@require_POST
def look_at_quote(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Start a preview as the customer of a quote, on its page. A draft is shown as it would be sent."""
    quote = get_object_or_404(Quote.objects.visible_to(request.member), uid=uid)
    person = get_object_or_404(visible_people(request.member), pk=quote.person_id)
    return _begin_preview(request, person, reverse("portal:quote", args=[request.tenant.slug, uid]))


def _begin_preview(request: TenantRequest, person: Person, place: str) -> HttpResponse:
    slug = request.tenant.slug
    with transaction.atomic():
        events.record("portal.looked", subject=person, by=request.member)
        AccessLog.objects.note_read(person, by=request.member)
    response = redirect(place)
    seconds = int(preview.LASTS.total_seconds())
    token = preview.token_of(person, by=request.member, session_key=request.session.session_key or "")
    cookies.set_cookie(response, cookies.PREVIEW, token, company=slug, seconds=seconds)
    return response


@require_POST
@public_page
def end(request: PortalRequest) -> HttpResponse:
    """End the preview and return to the customer's page; without a preview, to the portal's first page."""
    looking = preview.find_preview(request, request.company.pk)
    slug = request.company.slug
    if looking:
        page = reverse("people:person", args=[slug, looking.person.uid])
    else:
        page = cookies.path_of(slug)
    response = redirect(page)
    cookies.delete_cookie(response, cookies.PREVIEW, company=slug)
    return response
