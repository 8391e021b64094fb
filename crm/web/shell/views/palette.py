"""The view of the command palette's matches, a fragment. Without scripts there is the search page."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from crm.web.shell.palette import groups

LONGEST = 120


@require("palette.use")
@limit("palette", "240/m")
def palette(request: TenantRequest) -> HttpResponse:
    """Return what matches `?q=`."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = groups(request, text)
    context = {"groups": found, "count": sum(len(group.items) for group in found), "q": text}
    return render(request, "web/palette.html", context)
