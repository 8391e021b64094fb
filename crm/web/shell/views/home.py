"""The start page: redirects to the user's one organization, or lists several, or says that there is none."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.membership import Membership, memberships_of
from crm.web.requests.http import TenantRequest
from crm.web.shell.navigation import start_url


@login_required
def home(request: HttpRequest) -> HttpResponse:
    places = [place for place in memberships_of(request.user.pk or 0) if not place.suspended]
    if len(places) == 1:
        return redirect(_start(places[0]))
    return render(request, "web/home.html", {"places": places})


def tenant_home(request: TenantRequest) -> HttpResponse:
    """Redirect a tenant's own URL to the member's start page."""
    return redirect(start_url(request.member, request.tenant.slug))


def _start(place: Membership) -> str:
    with use_tenant(place.tenant_id, config_version=place.config_version):
        return start_url(directory().members[place.member_id], place.slug)
