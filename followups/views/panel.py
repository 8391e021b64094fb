"""The page of one follow-up, and the next-step panel on the lead's page (its own page without scripts)."""

from uuid import UUID

from django.http import Http404, HttpResponse

from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.views.follow_up_action import follow_up_page, get_follow_up, render_panel


@require("followups.view")
def follow_up(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one follow-up and its actions."""
    return follow_up_page(request, get_follow_up(request, uid))


@require("followups.view")
def panel(request: TenantRequest, number: int) -> HttpResponse:
    """Show the follow-ups planned on a job, by the job's number."""
    job = visible_job(request, str(number))
    if job is None:
        raise Http404
    return render_panel(request, job, whole=not request.htmx)


def visible_job(request: TenantRequest, number: str) -> Job | None:
    """Return the job with this number, if the member may see it."""
    job: Job | None = Job.objects.visible_to(request.member).filter(number=read_number(number) or 0).first()
    return job
