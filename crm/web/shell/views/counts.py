"""The view of the navigation's badges: loaded after the page, and again on hints."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell import navigation


@require("navigation.count")
def counts(request: TenantRequest) -> HttpResponse:
    """Render each badge, in sidebar and tab bar."""
    return render(request, "components/counts.html", {"counts": navigation.counted(request.member)})
