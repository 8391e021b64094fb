"""The index of the settings: every section the member may open, with what is set there."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.platform.access import require
from crm.platform.http import TenantRequest
from crm.platform.settings_pages import INDEX_PERMISSION


@require(INDEX_PERMISSION)
def index(request: TenantRequest) -> HttpResponse:
    """The sections by group."""
    return render(request, "platform/settings.html")
