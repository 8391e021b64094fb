"""The view that counts the rows of a list's tabs, groups and columns."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List
from crm.web.lists.saved.tabs import counted_tabs
from crm.web.requests.http import TenantRequest


def counts(request: TenantRequest, *, preset: List) -> HttpResponse:
    """Return all counts in one statement, loaded after the page. `shown`: the counts the page shows."""
    member = request.member
    filters = preset.read(request.GET, member)
    wanted = counted_tabs(preset, member)
    shown = request.GET.get("shown", "").split()
    wanted |= preset.count_queries(filters, member, shown)
    found = preset.count_texts(capped_counts(wanted)) | preset.sums(filters, member, shown)
    return render(request, "lists/counts.html", {"counts": found})
