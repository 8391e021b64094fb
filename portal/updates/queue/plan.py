"""Updates of one job: next due date, last updates, frequency, and pause."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import RowAction, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from portal.models import CustomerUpdate, UpdatePlan
from portal.models.update_policy import update_policy
from portal.updates.features import VIEW, WORK
from portal.updates.queue.rows import rows

# So many of the last ones are named.
LAST = 4


@require(VIEW)
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show a job's updates: as a panel of the lead's page, or as a page."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    return _render_plan(request, job)


def _render_plan(request: TenantRequest, job: Job, status: int = 200, told: str = "") -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    plan = UpdatePlan.objects.filter(job=job).first()
    last = CustomerUpdate.objects.filter(job=job).order_by("-pk")[:LAST]
    context: dict[str, Any] = {
        "job": job,
        "plan": plan,
        "usual": update_policy().cadence_days,
        "next_due": reader.near(plan.next_due_at) if plan and plan.next_due_at else "",
        "rows": list(rows([update.digest or update for update in last], reader, request.tenant.slug)),
        "may_work": allows(request.member, WORK),
        "told": told,
        "here": reverse("leads:lead", args=[request.tenant.slug, job.number]),
    }
    part = ""
    if is_fragment(request):
        part = "#part"
    return render(request, f"updates/of_job.html{part}", context, status=status)


class PlanAction(RowAction[UpdatePlan]):
    """An action on a job's update plan; responds with the plan."""

    model = UpdatePlan
    permission = WORK

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> UpdatePlan:
        plan = UpdatePlan.objects.visible_to(request.member).filter(job__number=named["number"]).first()
        if plan is None:
            raise Http404
        if lock:
            plan.lock()
        return plan

    def answer(self, request: TenantRequest, row: UpdatePlan, toast: Toast) -> HttpResponse:
        if request.htmx or toast.status != 200:
            return _render_plan(request, row.job, toast.status, toast.text)
        return redirect("updates:of_job", request.tenant.slug, row.job.number)


action = PlanAction()


@action()
def set_cadence(request: TenantRequest, plan: UpdatePlan) -> str:
    """Set how often the customer gets updates; blank: the default."""
    text = request.POST.get("days", "").strip()
    days = None
    if text:
        days = parse_typed_number(text, _("Enter a number of days."), most=999)
    wanted = {name: name in request.POST for name in ("only_the_end", "is_gathered")}
    plan.set_cadence(days, **wanted, by=request.member)
    return _("Saved.")


@action()
def pause_plan(request: TenantRequest, plan: UpdatePlan) -> str:
    """Pause the updates."""
    plan.pause(request.POST.get("reason", ""), by=request.member)
    return _("Paused. The customer gets no updates until someone resumes them.")


@action()
def resume_plan(request: TenantRequest, plan: UpdatePlan) -> str:
    """Resume the updates."""
    plan.resume(by=request.member)
    return _("The customer gets updates again, from today.")
