"""The product's addresses and the floor of a move: the same stack, sign-in, policies and fragment, and one write."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from crm.config import urls
from crm.jobs.models import Job
from crm.jobs.views.job_action import answer
from crm.kernel import clock
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("jobs.move")
def touch(request: TenantRequest, number: int) -> HttpResponse:
    """Find the lead, write one of its columns, and draw its fresh row with a toast."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    Job.objects.filter(pk=job.pk).update(touched_at=clock.now())
    undo = f"/{request.tenant.slug}/jobs/undo/00000000-0000-7000-8000-000000000000/"
    return answer(request, job, Toast(f"{job.title}: moved.", undo=undo))


urlpatterns = [path("<slug:tenant>/jobs/<int:number>/bench/", touch), *urls.urlpatterns]
