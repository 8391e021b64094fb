"""Settings: one pipeline and its steps by phase; add, rename, move, archive and restore steps."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Phase, Pipeline, PipelineType, Stage, WorkType
from crm.jobs.pipeline_settings import edit_effects, form_versions
from crm.jobs.pipeline_settings.views.lookup import phase_of, pipeline_of, shape_of, stage_of
from crm.jobs.pipeline_settings.views.terms import allowance_words
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.settings.page import Context, settings_page
from crm.web.shell.first_steps import accept_first_step
from crm.web.shell.record_pages import records_url


@settings_page(
    "jobs:pipeline", "pipelines.manage", "jobs/pipeline.html", version=form_versions.of_pipeline, of=("uid",)
)
def pipeline(request: TenantRequest, uid: UUID) -> Context:
    """Show the pipeline with its steps; a visit completes a first step of a new organization."""
    row = pipeline_of(uid)
    accept_first_step(request, row)
    pk = row.pk
    setup = pipeline_setup()
    shape = shape_of(pk)
    gone = [row for row in setup.stages.values() if row.pipeline_id == pk and row.archived_at]
    return {
        "pipeline": setup.pipelines[pk],
        "types": PipelineType.choices,
        "work_types": WorkType.choices,
        "usually_quoted": setup.usually_quoted_from(pk),
        "phases": [(phase, [(stage, allowance_words(pk, stage.pk)) for stage in steps]) for phase, steps in shape],
        "shape": shape,
        "archived": [(stage, setup.stages.get(stage.successor_id or 0)) for stage in gone],
    }


@pipeline.action(pipeline_of)
def rename_pipeline(request: TenantRequest, pipeline: Pipeline) -> str:
    """Rename the pipeline."""
    pipeline.rename(request.POST.get("name", ""), by=request.member)
    return _("Renamed to “%(name)s”.") % {"name": pipeline.name}


@pipeline.action(pipeline_of)
def set_type(request: TenantRequest, pipeline: Pipeline) -> str:
    """Set the pipeline's type and work type."""
    value = request.POST.get("type", "")
    work_type = request.POST.get("work_type", pipeline.work_type)
    if value not in PipelineType.values or work_type not in ("", *WorkType.values):
        raise Refused(_("Choose a type."))
    pipeline.set_type(value, by=request.member)
    pipeline.set_work_type(work_type, by=request.member)
    return _("“%(name)s”: %(type)s.") % {"name": pipeline.name, "type": PipelineType(value).label}


@pipeline.action(pipeline_of)
def quote_from(request: TenantRequest, pipeline: Pipeline) -> str:
    """Set the step from which on the pipeline's jobs count as quoted."""
    step_id = request.POST.get("step", "")
    stage = next((row for row in pipeline_setup().steps(pipeline.pk) if str(row.pk) == step_id), None)
    if step_id and stage is None:
        raise Refused(_("Choose a step."))
    pipeline.quote_from(stage, by=request.member)
    return _("Saved. Reports are recalculated.")


@pipeline.action(pipeline_of)
def add(request: TenantRequest, pipeline: Pipeline) -> str:
    """Add a step at the end of a phase."""
    phase = phase_of(request.POST.get("phase", ""))
    stage = Stage.add(pipeline, phase, request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” was added.") % {"name": stage.name}


@pipeline.action(stage_of)
def rename(request: TenantRequest, stage: Stage) -> str:
    """Rename a step."""
    stage.rename(request.POST.get("name", ""), by=request.member)
    return _("The step was renamed to “%(name)s”.") % {"name": stage.name}


@pipeline.action(stage_of)
def move(request: TenantRequest, stage: Stage) -> str | HttpResponse:
    """Move a step one place up or down, across phases; or into `phase`, in front of the step `before` or last.

    Where leads stand in it that would be sold by that, or sold no more, it says so first, and asks.
    """
    if stage.archived_at:
        raise Refused(_("An archived step can’t be moved. Restore it first."))
    there = stage.phase_id
    place = _requested_place(request, stage)
    if place and place[0].is_sold != stage.phase.is_sold and request.POST.get("sure") != "yes" and stage.standing():
        return _ask_to_move(request, stage, place)
    if place:
        stage.move(place[0], before=place[1], by=request.member)
    phase = next(row for row in pipeline_setup().phases if row.pk == stage.phase_id)
    if phase.pk == there:
        return _("The order is saved.")
    return _("“%(step)s” was moved to the phase %(phase)s.") % {"step": stage.name, "phase": phase.name}


def _ask_to_move(request: TenantRequest, stage: Stage, place: tuple[Phase, Stage | None]) -> HttpResponse:
    """Show how many leads would become sold, or no longer be sold, before anything is saved."""
    leads = f"{records_url(Job, request.tenant.slug)}?pipeline={stage.pipeline.uid}&where=step:is:{stage.name}"
    context = {
        "pipeline": stage.pipeline,
        "stage": stage,
        "phase": place[0],
        "before": place[1],
        "standing": edit_effects.standing_in(stage),
        "leads_url": leads,
        "version": form_versions.of_pipeline(stage.pipeline.uid),
    }
    part = ""
    if is_fragment(request):
        part = "#content"
    return render(request, f"jobs/move_step.html{part}", context)


def _requested_place(request: TenantRequest, stage: Stage) -> tuple[Phase, Stage | None] | None:
    """Return the requested phase and the step to put it in front of; None: its current place."""
    if direction := request.POST.get("direction", ""):
        return _adjacent_place(stage, up=direction == "up")
    before = request.POST.get("before", "")
    return phase_of(request.POST.get("phase", "")), _other_step(stage, before) if before else None


def _adjacent_place(stage: Stage, *, up: bool) -> tuple[Phase, Stage | None] | None:
    """The place above or below: in its phase, else at the near end of the next; None at the pipeline's end."""
    shape = shape_of(stage.pipeline_id)
    at = next(at for at, (phase, _steps) in enumerate(shape) if phase.pk == stage.phase_id)
    phase, steps = shape[at]
    here = next(place for place, row in enumerate(steps) if row.pk == stage.pk)
    if up and here > 0:
        return phase, steps[here - 1]
    if not up and here < len(steps) - 1:
        return phase, steps[here + 2] if here + 2 < len(steps) else None
    if up and at > 0:
        return shape[at - 1][0], None
    if not up and at < len(shape) - 1:
        phase, steps = shape[at + 1]
        return phase, steps[0] if steps else None
    return None


def _with_its_leads(stage: Stage) -> Context | None:
    """Count the leads now in the step and those that were; None if it is already archived."""
    if stage.archived_at:
        return None
    setup = pipeline_setup()
    return {
        "pipeline": setup.pipelines[stage.pipeline_id],
        "stage": stage,
        "standing": edit_effects.standing_in(stage),
        "stays": edit_effects.stays_in(stage),
        "others": [row for row in setup.steps(stage.pipeline_id) if row.pk != stage.pk],
        "next": _likely_successor(stage),
    }


@pipeline.action(stage_of, ask=("jobs/archive_step.html", _with_its_leads))
def archive(request: TenantRequest, stage: Stage) -> str:
    """Archive a step. Its leads move to `into`; with `leads` "stay" they stay in it."""
    stay = request.POST.get("leads") == "stay"
    into = ""
    if not stay:
        into = request.POST.get("into", "")
    stage.archive(into=_other_step(stage, into) if into else None, stay=stay, by=request.member)
    if into:
        return _("“%(step)s” was archived. Its leads are being moved.") % {"step": stage.name}
    return _("“%(step)s” is archived.") % {"step": stage.name}


def _likely_successor(stage: Stage) -> int:
    """Return the following step as the suggested successor; for the last step, the one before it."""
    steps = [row.pk for row in pipeline_setup().steps(stage.pipeline_id)]
    at = steps.index(stage.pk)
    if at + 1 < len(steps):
        return steps[at + 1]
    return steps[max(0, at - 1)]


def _other_step(stage: Stage, pk: str) -> Stage:
    """Return another step of the same pipeline. Raises Http404."""
    return stage_of(pipeline_setup().pipelines[stage.pipeline_id].uid, pk)


@pipeline.action(stage_of)
def restore(request: TenantRequest, stage: Stage) -> str:
    """Restore an archived step."""
    stage.restore(by=request.member)
    return _("“%(name)s” was restored.") % {"name": stage.name}
