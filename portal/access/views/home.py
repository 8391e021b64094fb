"""The first page: the jobs somebody may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level


@require_safe
@portal_page(level=Level.LINK)
def home(request: PortalRequest) -> HttpResponse:
    """List the jobs, the newest first."""
    jobs = request.viewer.jobs().select_related("site", "stage").order_by("-pk")[:50]
    return render(request, "portal/home.html", {"jobs": jobs})
