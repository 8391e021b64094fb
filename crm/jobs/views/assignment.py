"""Claim, release, assign and prioritize a lead."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.action_choices import receivers
from crm.jobs.models import Job, Priority
from crm.jobs.views.job_action import action, sheet
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest

NOBODY = "nobody"


def _receivers_sheet(request: TenantRequest, job: Job) -> HttpResponse:
    owner = None
    if job.member_id:
        owner = directory().members.get(job.member_id)
    return sheet(request, job, "assign", {"receivers": receivers(job, request.member), "owner": owner})


@action("job.assigned", permission="jobs.claim", ask=_receivers_sheet)
def assign(request: TenantRequest, job: Job) -> str:
    """Assign the lead. Without the permission to assign, members may only claim unclaimed leads or release theirs."""
    had = None
    if job.member_id:
        had = directory().members.get(job.member_id)
    if request.POST.get("had", "") != (str(had.uid) if had else NOBODY):
        raise Stale(job)
    new = _chosen_receiver(job, request)
    reason = request.POST.get("reason", "").strip()
    job.assign_to(new, by=request.member, reason=reason)
    if new is None:
        return _("%(title)s: now unclaimed.") % {"title": job.title}
    return _("%(title)s: assigned to %(name)s.") % {"title": job.title, "name": new.name}


def _chosen_receiver(job: Job, request: TenantRequest) -> Member | None:
    wanted = request.POST.get("member", "")
    if not wanted:
        raise Refused(_("Choose an owner."))
    choices = {str(member.uid) if member else NOBODY: member for member in receivers(job, request.member)}
    if wanted not in choices:
        raise Http404
    return choices[wanted]


def _priorities_sheet(request: TenantRequest, job: Job) -> HttpResponse:
    return sheet(request, job, "prioritize", {"priorities": Priority.choices})


@action("job.prioritized", ask=_priorities_sheet)
def prioritize(request: TenantRequest, job: Job) -> str:
    """Set the priority; the clock uses the priority's target."""
    wanted = request.POST.get("priority", "")
    if wanted not in map(str, Priority.values):
        raise Refused(_("Choose a priority."))
    if request.POST.get("was", str(job.priority)) != str(job.priority):
        raise Stale(job)
    job.prioritize(int(wanted), by=request.member)
    words = {"title": job.title, "priority": Priority(job.priority).label}
    return _("%(title)s: priority %(priority)s.") % words
