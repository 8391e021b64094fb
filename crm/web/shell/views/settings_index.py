"""The index of the settings: every section the member may open, and the search of them all."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.settings.search import find_settings
from crm.web.settings.sections import INDEX_PERMISSION
from crm.web.shell.first_steps import left

LONGEST_QUERY = 120


@require(INDEX_PERMISSION)
def settings_index(request: TenantRequest) -> HttpResponse:
    """Show the sections by group, or those that match `q`; in a new organization the first steps that are left."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    matches = find_settings(request.member, request.tenant.slug, query)
    context = {"q": query, "matches": matches, "checklist": [] if query else left(request)}
    part = "#found" if is_fragment(request) else ""
    return render(request, f"web/settings.html{part}", context)
