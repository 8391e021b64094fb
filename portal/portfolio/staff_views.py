"""The staff's side of somebody's places: what may be theirs too, to be confirmed or declined."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.jobs.customers.views import seen_person
from crm.jobs.models import JobParty
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from portal.models import PlaceAnswer
from portal.portfolio.suggestions import suggested

MANAGE = "portal.manage"
ROLES = (JobParty.Role.OWNER, JobParty.Role.SPOUSE, JobParty.Role.PROPERTY_MANAGER, JobParty.Role.RESIDENT)


@require(MANAGE)
@require_safe
def places(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show what may be theirs too, beside what else a page tells of them."""
    person = seen_person(request, uid)
    page = {
        "person": person,
        "suggestions": suggested(person, request.member),
        "roles": [(role.value, role.label) for role in ROLES],
    }
    template = "portal/staff/places_panel.html" if is_fragment(request) else "portal/staff/places.html"
    return render(request, template, page)


@require(MANAGE)
@require_POST
def answer(request: TenantRequest, uid: UUID, number: int) -> HttpResponse:
    """Link a suggested job to them in a role (`role`), or decline it (`no`)."""
    person = seen_person(request, uid)
    found = next((one.job for one in suggested(person, request.member) if one.job.number == number), None)
    if found is None:
        raise Http404
    try:
        if "no" in request.POST:
            PlaceAnswer.decline(person, found, by=request.member)
            messages.success(request, _("It won’t be suggested again."))
        else:
            PlaceAnswer.link(person, found, request.POST.get("role", ""), by=request.member)
            messages.success(request, _("%(name)s now sees it among their places.") % {"name": person.name})
    except Refused as why:
        messages.error(request, str(why))
    return redirect("people:person", request.tenant.slug, uid)
