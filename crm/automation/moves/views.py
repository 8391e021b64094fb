"""Views of stage moves in a step's settings, and of accepting or dismissing proposals."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.automation.models import Mode, RuleRun
from crm.automation.moves import proposals, settings
from crm.automation.registry.moves import JOB
from crm.automation.views.frame import MANAGE, VIEW, page_context
from crm.jobs.models import Job, Stage
from crm.jobs.views.job_action import action
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import records_url


@require(VIEW)
@require_GET
def stage_moves(request: TenantRequest, pk: int) -> HttpResponse:
    """Show the automatic and proposed moves into a step."""
    stage = _get_stage(pk)
    rows = settings.move_rows(stage)
    context = {
        "stage": stage,
        "pipeline": stage.pipeline,
        "rows": [row for row in rows if row.is_common or row.rule],
        "more": [row for row in rows if not (row.is_common or row.rule)],
        "others": settings.other_rules(stage),
        "modes": [(Mode.OFF, _("off")), (Mode.PROPOSE, _("suggests")), (Mode.ON, _("moves"))],
        "leads_url": f"{records_url(Job, request.tenant.slug)}?proposed=1",
        "may_manage": allows(request.member, MANAGE),
        **page_context(request),
    }
    part = ""
    if is_fragment(request):
        part = "#content"
    return render(request, f"automation/stage_moves.html{part}", context)


@require(MANAGE)
@require_POST
def set_stage_moves(request: TenantRequest, pk: int) -> HttpResponse:
    """Save the automatic and proposed moves into a step."""
    stage = _get_stage(pk)
    wanted = {row.key: request.POST.get(f"mode-{row.key}", row.mode) for row in settings.move_rows(stage)}
    try:
        for key, mode in wanted.items():
            settings.set_move(stage, key, Mode(mode) if mode in Mode.values else Mode.OFF, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("Saved what moves leads to “%(step)s”.") % {"step": stage.name})
    return redirect("jobs:step", request.tenant.slug, stage.pipeline.uid, stage.pk)


def _get_stage(pk: int) -> Stage:
    stage: Stage = get_object_or_404(Stage.objects.select_related("pipeline"), pk=pk)
    return stage


def _get_proposal(request: TenantRequest, job: Job) -> RuleRun:
    """Return the proposal of a form. Raises Refused if it no longer exists."""
    uid = request.POST.get("proposal", "")
    for run in RuleRun.objects.open_proposals().of_record(JOB, job.pk).select_related("rule", "version"):
        if str(run.uid) == uid:
            return run
    raise Refused(_("Someone has already responded to it."))


@action("job.moved")
def accept(request: TenantRequest, job: Job) -> str:
    """Accept a proposal."""
    run = _get_proposal(request, job)
    proposals.accept_proposal(run, job, by=request.member)
    return _("%(title)s: done.") % {"title": job.title}


@action()
def dismiss(request: TenantRequest, job: Job) -> str:
    """Dismiss a proposal."""
    proposals.dismiss_proposal(_get_proposal(request, job), by=request.member)
    return _("%(title)s: dismissed.") % {"title": job.title}
