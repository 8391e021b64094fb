"""The page of one lead: its pipeline bar, timeline and details."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crm.jobs.models import Job
from crm.jobs.timeline.narrowing import asks_alone
from crm.kernel import clock
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from leads.page import facts, parts, render_page


@require("jobs.view")
def lead_page(request: TenantRequest, number: int) -> HttpResponse:
    """Show one lead, by its number; for htmx the parts that change. Reading it is recorded in the access log."""
    job: Job | None = Job.objects.visible_to(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    AccessLog.objects.note_read(job, by=request.member)
    if is_fragment(request):
        reader = Reader.of(request.member, clock.now())
        fresh = parts(request, job, reader)
        if asks_alone(request):
            return render(request, "jobs/_timeline.html", fresh)
        return render(request, "leads/_fresh.html", fresh | facts(request, job, reader))
    return render_page(request, job)
