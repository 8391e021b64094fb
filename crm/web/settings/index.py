"""The index of the settings: every section the member may open, with what is set there."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.sections import INDEX_PERMISSION
from crm.web.shell.first_steps import left


@require(INDEX_PERMISSION)
def index(request: TenantRequest) -> HttpResponse:
    """Show the sections by group; in a new organization the first steps that are left."""
    return render(request, "web/settings.html", {"checklist": left(request)})
