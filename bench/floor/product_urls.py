"""The product's addresses, and two floors on the same stack, with sign-in and policies.

Of a move: the same fragment, and one write. Of the list of follow-ups: one query and one template.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from crm.config import urls
from crm.jobs.models import Job
from crm.jobs.views.job_action import answer
from crm.kernel import clock
from crm.web.actions.row_action import Toast
from crm.web.lists.paging import ROWS
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.follow_up_list import FOLLOW_UPS


@require("jobs.move")
def touch(request: TenantRequest, number: int) -> HttpResponse:
    """Find the lead, write one of its columns, and draw its fresh row with a toast."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    Job.objects.filter(pk=job.pk).update(touched_at=clock.now())
    undo = f"/{request.tenant.slug}/jobs/undo/00000000-0000-7000-8000-000000000000/"
    return answer(request, job, Toast(f"{job.title}: moved.", undo=undo))


@require("followups.view")
def plain_follow_ups(request: TenantRequest) -> HttpResponse:
    """Show the first page of the list by one query and one template, within the product's frame."""
    rows = FOLLOW_UPS.apply(FOLLOW_UPS.read(request.GET, request.member), request.member)
    return render(request, "plain_follow_ups.html", {"rows": rows.select_related("job").by_time()[:ROWS]})


urlpatterns = [
    path("<slug:tenant>/jobs/<int:number>/bench/", touch),
    path("<slug:tenant>/followups/bench/", plain_follow_ups),
    *urls.urlpatterns,
]
