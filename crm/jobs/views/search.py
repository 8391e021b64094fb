"""The search page: name, phone in any format, email, address, job or claim number; each result with its bar."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.jobs.list.search_hits import LeadHit, found_by, hits
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.web.lists.conditions.query import tidy
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from crm.web.shell.palette import more_on_page
from crm.web.shell.record_pages import record_url, records_url

MOST = 50


@require("jobs.view")
@limit("search", "60/m")
@may_lag
def search_page(request: TenantRequest) -> HttpResponse:
    """Show the results of `?q=`, grouped by kind of match, best first. A job's own number redirects to it."""
    text = tidy(request.GET.get("q", ""))
    matches = hits(request, text, most=MOST)
    if [hit.why for hit in matches] == ["number"]:
        return redirect(record_url(matches[0].job, request.tenant.slug))
    groups: dict[str, list[LeadHit]] = {}
    for hit in matches:
        groups.setdefault(found_by(hit.why), []).append(hit)
    context = {
        "q": text,
        "groups": groups,
        "others": more_on_page(request, text) if len(text) > 1 else [],
        "too_short": bool(text) and len(text) < 2,
        "phases": len(pipeline_setup().phases),
        "more": len(matches) == MOST,
        "list_url": records_url(Job, request.tenant.slug),
    }
    return render(request, "jobs/search.html", context)
