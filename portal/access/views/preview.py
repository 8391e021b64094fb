"""Look as a customer: a colleague begins it on the customer's page, and ends it in the portal."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.jobs.customers.views import seen_person
from crm.platform.events import events
from crm.platform.models import AccessLog
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.access import cookies, preview
from portal.access.pages import PortalRequest, public_page


@require(preview.PERMISSION)
@require_POST
def look(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Begin to look as somebody, for half an hour. Recorded as an event and in the access log."""
    person, slug = seen_person(request, uid), request.tenant.slug
    with transaction.atomic():
        events.record("portal.looked", subject=person, by=request.member)
        AccessLog.objects.note_read(person, by=request.member)
    response = redirect("portal:home", company=slug)
    seconds = int(preview.LASTS.total_seconds())
    cookies.put(response, cookies.PREVIEW, preview.token_of(person, by=request.member), company=slug, seconds=seconds)
    return response


@require_POST
@public_page
def end(request: PortalRequest) -> HttpResponse:
    """Stop looking, and go back to the customer's page; without a pass, to the portal's first page."""
    looking, slug = preview.find(request, request.company.pk), request.company.slug
    page = reverse("people:person", args=[slug, looking.person.uid]) if looking else cookies.path_of(slug)
    response = redirect(page)
    cookies.drop(response, cookies.PREVIEW, company=slug)
    return response
