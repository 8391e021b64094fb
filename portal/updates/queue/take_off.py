"""Form for work that could not begin: reason, appointment and new day; then the message to approve."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.local_time import instant, moment, zone_of
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.updates.features import WORK
from portal.updates.take_off import REASONS, put_off


@require(WORK)
def take_off(request: TenantRequest, number: int) -> HttpResponse:
    """Ask for the reason and the new day; a POST moves the appointment and drafts the message."""
    job = get_object_or_404(Job.objects.visible_to(request.member).select_related("brand", "site"), number=number)
    if request.method != "POST":
        return _render_form(request, job)
    post = request.POST
    zone = ZoneInfo(zone_of(job, job.site))
    chosen = next((row for row in _coming_appointments(job) if str(row.uid) == post.get("appointment")), None)
    try:
        at = instant(post.get("day", ""), post.get("time", "") or "09:00", zone)
        words = post.get("words", "")[:300]
        reason = post.get("reason", "")
        anyway = "anyway" in post
        update, change = put_off(job, reason, words, at, chosen, by=request.member, anyway=anyway)
    except InTheWay as why:
        return _render_form(request, job, str(why), may_insist=why.may_insist)
    except Refused as why:
        return _render_form(request, job, str(why))
    back = reverse("undo", args=[request.tenant.slug, change.uid])
    messages.success(request, _("Moved. Read the message to the customer and approve it."), extra_tags=back)
    # Taken back there, the update is gone, and its page leads to those of the job.
    return redirect(f"{reverse('updates:update', args=[request.tenant.slug, update.uid])}?job={job.number}")


def _coming_appointments(job: Job) -> list[Appointment]:
    return list(Appointment.objects.live().of_job(job.pk).select_related("type").by_time())


def _render_form(request: TenantRequest, job: Job, told: str = "", *, may_insist: bool = False) -> HttpResponse:
    """Show the form; if refused, with its values and the reason."""
    coming = [(row, f"{row.type.name}, {moment(row.starts_at, row.time_zone)}") for row in _coming_appointments(job)]
    context = {
        "job": job,
        "reasons": REASONS.items(),
        "coming": coming,
        "first": coming[0][0].uid if coming else "",
        "today": clock.now().astimezone(ZoneInfo(zone_of(job, job.site))).date().isoformat(),
        "told": told,
        "given": request.POST,
        "may_insist": may_insist,
    }
    return render(request, "updates/take_off.html", context, status=422 if told else 200)
