"""Pause a lead, with a reason and an end, and resume it."""

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.views.job_action import action, sheet
from crm.jobs.views.move import while_open
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import InvalidForm
from crm.web.reader import Reader
from crm.web.requests.future_morning import parse_future_morning
from crm.web.requests.http import TenantRequest

# The farthest day it may come back on.
FARTHEST = timedelta(days=3650)
REASON = 120


def _pause_form(request: TenantRequest, job: Job, problem: str = "", field: str = "") -> HttpResponse:
    today = Reader.of(request.member, clock.now()).today
    context = {
        "given": request.POST,
        "problem": problem,
        "field": field,
        "soonest": (today + timedelta(days=1)).isoformat(),
        "farthest": (today + FARTHEST).isoformat(),
    }
    return sheet(request, job, "pause", context, status=422 if problem else 200)


@action("job.paused", ask=_pause_form)
def pause(request: TenantRequest, job: Job) -> str:
    """Show the form with reason and end; a POST pauses it."""
    while_open(job, request)
    reason = " ".join(request.POST.get("reason", "").split())[:REASON]
    if not reason:
        raise InvalidForm(partial(_pause_form, request, job, _("Enter what it is waiting for."), "reason"))
    try:
        until = parse_future_morning(
            request.POST.get("until", ""), Reader.of(request.member, clock.now()), farthest=FARTHEST
        )
    except Refused as why:
        raise InvalidForm(partial(_pause_form, request, job, str(why), "until")) from None
    job.pause(reason=reason, until=until, by=request.member, version=request.POST["stay"])
    return _("%(title)s: on hold, %(reason)s.") % {"title": job.title, "reason": reason}


@action("job.resumed")
def resume(request: TenantRequest, job: Job) -> str:
    """Resume it after a pause."""
    while_open(job, request)
    job.resume(by=request.member, version=request.POST["stay"])
    return _("%(title)s: resumed.") % {"title": job.title}
