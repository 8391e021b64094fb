"""The index of the settings: every section the member may open, with what is set there."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.sections import INDEX_PERMISSION
from crm.web.shell.first_steps import checklist

# How long an organization is reminded of its first steps.
NEW = timedelta(days=30)


@require(INDEX_PERMISSION)
def index(request: TenantRequest) -> HttpResponse:
    """Show the sections by group; in a new organization the first steps that are left."""
    is_new = clock.now() - request.tenant.created_at < NEW
    steps = checklist(request.member, request.tenant.slug) if is_new else None
    context = {"checklist": steps if steps and not steps.is_complete else None}
    return render(request, "web/settings.html", context)
