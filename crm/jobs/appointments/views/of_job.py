"""Upcoming and past appointments of a lead, as shown on its page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.local_time import clock_time, moment
from crm.jobs.models.appointments.obstacles import WORK
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require

# So many that are over are named.
PAST = 5


@require("appointments.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Render a job's appointments, as a fragment of the lead's page or as a separate page."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    rows = Appointment.objects.of_job(job.pk).select_related("type", "site").prefetch_related("attendances")
    now = clock.now()
    context = {
        "job": job,
        "coming": [_row_context(row) for row in rows.coming(now).by_time()[:20]],
        "past": [
            _row_context(row)
            for row in rows.exclude(pk__in=rows.coming(now).values("pk")).order_by("-starts_at")[:PAST]
        ],
        "may_book": job.is_open and allows(request.member, WORK),
    }
    part = ""
    if is_fragment(request):
        part = "#part"
    return render(request, f"jobs/appointments/of_job.html{part}", context)


def _row_context(row: Appointment) -> dict[str, object]:
    organization = directory()
    return {
        "row": row,
        "when": f"{moment(row.starts_at, row.time_zone)} – {clock_time(row.ends_at, row.time_zone)}",
        "who": ", ".join(organization.members[pk].name for pk in row.member_ids if pk in organization.members),
    }
