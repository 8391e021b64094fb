"""Views: take a new lead, and the settings of the escalation."""

from django.utils.translation import gettext as _

from crm.jobs.assignment.features import MANAGE
from crm.jobs.models import Job
from crm.jobs.views.job_action import action
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from leads.models import FirstContact, ResponsePolicy
from leads.models.response_policy import MOST_MINUTES, response_policy
from leads.response.figures import TARGET


@action("job.assigned", permission="jobs.claim")
def take(request: TenantRequest, job: Job) -> str:
    """Take an unassigned new lead, or confirm working on one's own; of two concurrent requests the first wins."""
    row = FirstContact.objects.filter(pk=job.pk).first()
    if row is None:
        raise Refused(_("It is no longer a new lead."))
    row.take(by=request.member)
    job.refresh_from_db()
    return _("%(title)s: it is yours.") % {"title": job.title}


@settings_page("leads:response", MANAGE, "leads/response.html")
def response(request: TenantRequest) -> Context:
    """Show after how many working minutes a new lead is escalated."""
    may_set_targets = allows(request.member, "pipelines.manage")
    return {"policy": response_policy(), "most": MOST_MINUTES, "target": TARGET, "may_set_targets": may_set_targets}


@response.action()
def set_response(request: TenantRequest) -> str:
    """Set the minutes; an empty field leaves that level out."""
    ResponsePolicy.set(_posted_minutes(request, "next"), _posted_minutes(request, "team"), by=request.member)
    return _("Saved. Applies to new leads and to those still waiting.")


def _posted_minutes(request: TenantRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    if not typed.strip():
        return None
    return parse_typed_number(
        typed, _("Enter minutes from 1 to %(most)s, or leave it blank.") % {"most": MOST_MINUTES}, most=9_999
    )
