"""A page that does one thing: opens a job by the product's own verb."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from crm.jobs.creation.job_creation import open_job
from crm.web.requests.http import TenantRequest


@require_POST
def open_one(request: TenantRequest) -> HttpResponse:
    """Open a job called `title`; 201 is sent after the commit, so whoever reads it may rely on it."""
    job = open_job(title=request.POST["title"], by=request.member)
    return HttpResponse(str(job.pk), status=201)
