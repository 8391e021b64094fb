"""Move a lead to a step, and set whose turn it is."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.action_choices import phases_of
from crm.jobs.models import Job, Side, Stage
from crm.jobs.pipelines.exit_criteria import gaps
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.views.exit import exit_form, fill_in, move_on
from crm.jobs.views.job_action import action, answer, sheet
from crm.jobs.views.quality import lock_job
from crm.kernel.refusal import Refused, Stale
from crm.web.actions.row_action import Toast
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


def _steps_sheet(request: TenantRequest, job: Job) -> HttpResponse:
    context = {"phases": phases_of(job), "theirs": job.side == Side.CUSTOMER, "held": job.side == Side.PAUSED}
    return sheet(request, job, "move", context)


@action("job.moved", ask=_steps_sheet)
def move(request: TenantRequest, job: Job) -> str:
    """Show the possible steps and the other actions; a POST moves it."""
    stage = _chosen_step(job, request.POST.get("stage", ""))
    while_open(job, request)
    move_on(request, job, stage)
    return _("%(title)s: moved to %(step)s.") % {"title": job.title, "step": stage.name}


@require("jobs.move")
@require_POST
def fill(request: TenantRequest, number: int) -> HttpResponse:
    """Fill in what the step requires, and move the lead on; filled in values are kept, even if more is missing."""
    job = lock_job(request, number)
    if job is None:
        raise Http404
    stage = {str(row.pk): row for row in pipeline_setup().steps(job.pipeline_id)}.get(request.POST.get("stage", ""))
    if stage is None or job.stay != request.POST.get("stay"):
        return answer(request, job, Toast(stale_message(), HTTPStatus.CONFLICT))
    if refused := fill_in(request, job, gaps([(job, stage)], Job.objects).get(job.pk, [])):
        return exit_form(request, job, stage, gaps([(job, stage)], Job.objects).get(job.pk, []), refused)
    return move(request, number=number)


def _chosen_step(job: Job, wanted: str) -> Stage:
    steps = {str(stage.pk): stage for stage in pipeline_setup().steps(job.pipeline_id)}
    if wanted not in steps:
        raise Refused(_("That step no longer exists. Choose another."))
    return steps[wanted]


def while_open(job: Job, request: TenantRequest) -> None:
    """Refuse an ended lead: as a conflict if the actor saw it open, otherwise as not possible."""
    if job.is_open:
        return
    if request.POST["stay"] != job.stay:
        raise Stale(job)
    raise Refused(_("It is closed. Reopen it first."))


@action("job.turned")
def turn(request: TenantRequest, job: Job) -> str:
    """Make it the customer's turn, or ours."""
    side = request.POST.get("side", "")
    if side not in (Side.US, Side.CUSTOMER) or job.side == Side.PAUSED:
        raise Refused(_("Resume it first, then say whose move it is."))
    while_open(job, request)
    job.turn_to(side, by=request.member, version=request.POST["stay"])
    if side == Side.CUSTOMER:
        words = _("%(title)s: it is their move.")
    else:
        words = _("%(title)s: it is our move.")
    return words % {"title": job.title}
