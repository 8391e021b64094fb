"""The first page: somebody's one job, or all their places."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level
from portal.portfolio.places import grouped, places_of

# An owner of more has a conversation with us, not a list.
MOST = 200


@require_safe
@portal_page(level=Level.LINK)
def home(request: PortalRequest) -> HttpResponse:
    """Open the page of their one job, or the list of all their places."""
    numbers = list(request.viewer.jobs().order_by("-pk").values_list("number", flat=True)[:2])
    if len(numbers) == 1:
        return redirect("portal:job", company=request.company.slug, number=numbers[0])
    return _places(request)


@require_safe
@portal_page(level=Level.LINK)
def places(request: PortalRequest) -> HttpResponse:
    """List the places by how far they are, the newest first."""
    return _places(request)


def _places(request: PortalRequest) -> HttpResponse:
    jobs = request.viewer.jobs().select_related("site").order_by("-pk")[:MOST]
    return render(request, "portal/portfolio/page.html", {"groups": grouped(places_of(jobs))})
