"""The numbers of a list's tabs, groups and columns."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List
from crm.web.lists.saved.tabs import counted_tabs
from crm.web.requests.http import TenantRequest


def counts(request: TenantRequest, *, preset: List) -> HttpResponse:
    """All numbers in one statement, after the page. `shown`: what the page shows that is counted."""
    member = request.member
    filters = preset.read(request.GET, member)
    wanted = counted_tabs(preset, member)
    wanted |= preset.counted(filters, member, request.GET.get("shown", "").split())
    return render(request, "lists/counts.html", {"counts": preset.told(capped_counts(wanted))})
