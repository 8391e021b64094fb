"""The first page: the one organization, the choice of several, or a sentence when there is none."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.platform.http import TenantRequest
from crm.platform.membership import memberships_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    places = [place for place in memberships_of(request.user.pk or 0) if not place.suspended]
    if len(places) == 1:
        return redirect("leads:list", places[0].slug)
    return render(request, "platform/home.html", {"places": places})


def tenant_home(request: TenantRequest) -> HttpResponse:
    """A tenant's own address leads to its leads."""
    return redirect("leads:list", request.tenant.slug)
