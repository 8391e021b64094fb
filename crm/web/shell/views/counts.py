"""The numbers of the navigation, in sidebar and tab bar: asked for after the page, and again when hints say so."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell import navigation


@require("navigation.count")
def counts(request: TenantRequest) -> HttpResponse:
    """Each number, for the places the frame has for it."""
    return render(request, "components/counts.html", {"counts": navigation.counted(request.member)})
