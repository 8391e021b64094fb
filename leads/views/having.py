"""Whose lead it is and how urgent: claim, give back, assign, and the priority."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority, Stale
from crm.platform.access import require
from crm.platform.configuration import directory
from crm.platform.http import TenantRequest
from crm.platform.models import Member
from leads.moving.choices import receivers
from leads.views.acting import Unclear, act, found, sheet

NOBODY = "nobody"


@require("leads.claim")
def assign(request: TenantRequest, number: int) -> HttpResponse:
    """Whom it can be given to; and giving it. Who may not assign may claim the unclaimed and give back their own."""
    if request.method != "POST":
        job = found(request, number)
        owner = directory().members.get(job.member_id) if job.member_id else None
        context = {"receivers": receivers(job, request.member), "owner": owner}
        return sheet(request, job, "assign", context)

    def verb(job: Job) -> str:
        had = directory().members.get(job.member_id) if job.member_id else None
        if request.POST.get("had", "") != (str(had.uid) if had else NOBODY):
            raise Stale(job)
        new = _receiver(job, request)
        job.assign_to(new, by=request.member)
        if new is None:
            return _("%(title)s: nobody has it now.") % {"title": job.title}
        return _("%(title)s: %(name)s has it now.") % {"title": job.title, "name": new.name}

    return act(request, number, "job.assigned", verb)


def _receiver(job: Job, request: TenantRequest) -> Member | None:
    wanted = request.POST.get("member", "")
    if not wanted:
        raise Unclear(_("Choose who gets it."))
    choices = {str(member.uid) if member else NOBODY: member for member in receivers(job, request.member)}
    if wanted not in choices:
        raise Http404
    return choices[wanted]


@require("leads.move")
def prioritize(request: TenantRequest, number: int) -> HttpResponse:
    """How urgent it is; the clock follows the priority's own target."""
    if request.method != "POST":
        return sheet(request, found(request, number), "prioritize", {"priorities": Priority.choices})
    wanted = request.POST.get("priority", "")

    def verb(job: Job) -> str:
        if wanted not in map(str, Priority.values):
            raise Unclear(_("Choose a priority."))
        if request.POST.get("was", str(job.priority)) != str(job.priority):
            raise Stale(job)
        job.prioritize(int(wanted), by=request.member)
        words = {"title": job.title, "priority": Priority(job.priority).label}
        return _("%(title)s: priority %(priority)s.") % words

    return act(request, number, "job.prioritized", verb)
