"""The page of the link checker: paste links to check them, or build one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.sources.links.check import MEDIA, MOST_LINKS, build_link, check_links
from leads.sources.setup import list_offered

MANAGE = "sources.manage"
# Fifty links of two thousand characters.
_LONGEST = 100_000


@require(MANAGE)
def links(request: TenantRequest) -> HttpResponse:
    """Show the checker; a POST checks what was pasted, or builds a link. Nothing is stored."""
    posted = request.POST
    pasted = posted.get("links", "")[:_LONGEST]
    context: dict[str, Any] = {
        "pasted": pasted,
        "most": MOST_LINKS,
        "choices": [(one.key, one.label) for one in list_offered()],
        "media": MEDIA,
        "given": posted,
        "verdicts": check_links(pasted) if pasted else [],
    }
    status = 200
    if "address" in posted:
        built = build_link(posted["address"][:2000], posted.get("to", ""), posted.get("medium", "")[:40])
        context["built"] = built
        context["is_unbuilt"] = built is None
        if built is None or built.problems:
            status = 422
    return render(request, "leads/sources/links.html", context, status=status)
