"""The first page: the one organization, the choice of several, or a sentence when there is none."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.platform.configuration import directory
from crm.platform.http import TenantRequest
from crm.platform.membership import Membership, memberships_of
from crm.platform.preferences import start_of
from crm.platform.tenancy import use_tenant


@login_required
def home(request: HttpRequest) -> HttpResponse:
    places = [place for place in memberships_of(request.user.pk or 0) if not place.suspended]
    if len(places) == 1:
        return redirect(_start(places[0]))
    return render(request, "platform/home.html", {"places": places})


def tenant_home(request: TenantRequest) -> HttpResponse:
    """A tenant's own address leads to the page where the member likes to begin."""
    return redirect(start_of(request.member, request.tenant.slug))


def _start(place: Membership) -> str:
    with use_tenant(place.tenant_id, config_version=place.config_version):
        return start_of(directory().members[place.member_id], place.slug)
