"""The search page: name, phone in any format, email, address, job or claim number; each hit with its line."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.line import line
from crm.jobs.models import Job
from crm.jobs.search import search
from crm.platform import clock
from crm.platform.access import require
from crm.platform.http import TenantRequest
from crm.platform.throttle import limit
from leads.filters import tidy, visible
from leads.rows import RowMaker
from leads.shapes import shapes
from leads.wording import ClockWords, Reader

MOST = 50


@require("leads.view")
@limit("search", "60/m")
def search_page(request: TenantRequest) -> HttpResponse:
    """What matches `?q=`, grouped by what it was found by, best first. A job's own number leads straight to it."""
    text = tidy(request.GET.get("q", ""))
    hits = search(text, by=request.member, most=MOST)
    jobs: dict[int, Job] = visible(request.member).in_bulk([hit.job_id for hit in hits])
    if [hit.why for hit in hits] == ["number"] and hits[0].job_id in jobs:
        return redirect("leads:lead", request.tenant.slug, jobs[hits[0].job_id].number)
    reader = Reader.of(request.member, clock.now())
    maker = RowMaker(request.tenant.slug, reader, with_owner=True)
    groups: dict[str, list[dict[str, Any]]] = {}
    for hit in hits:
        if hit.job_id in jobs:
            groups.setdefault(_found_by(hit.why), []).append(_result(jobs[hit.job_id], maker, reader))
    context = {
        "q": text,
        "groups": groups,
        "too_short": bool(text) and len(text) < 2,
        "phases": len(line().phases),
        "more": len(hits) == MOST,
        "list_url": reverse("leads:list", args=[request.tenant.slug]),
    }
    return render(request, "leads/search.html", context)


def _result(job: Job, maker: RowMaker, reader: Reader) -> dict[str, Any]:
    words = ClockWords(job, reader)
    return {"row": maker.row(job), "bar": words.bar(shapes()[job.pipeline_id], micro=True), "words": words}


def _found_by(why: str) -> str:
    """The heading of a group, by what the search function says it found."""
    return {
        "number": _("By job number"),
        "contact": _("By phone or email"),
        "claim": _("By claim number"),
        "name": _("By name"),
        "company": _("By company"),
        "address": _("By address"),
    }.get(why, _("Other"))
