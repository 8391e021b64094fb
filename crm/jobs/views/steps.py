"""Settings: one pipeline, its steps by phase, and what can be done to a step."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs import effects, versions
from crm.jobs.editing import Refused
from crm.jobs.line import line
from crm.jobs.models import Phase, Pipeline, Stage
from crm.jobs.views.editing import attempt, page, phase_of, pipeline_of, shape_of, stage_of
from crm.jobs.views.terms import described
from crm.platform.access import require
from crm.platform.http import TenantRequest


@require("line.manage")
def pipeline(request: TenantRequest, uid: UUID) -> HttpResponse:
    """The pipeline as it stands."""
    return _show(request, pipeline_of(uid), 200, "")


def _show(request: TenantRequest, pipeline: Pipeline, status: int, told: str) -> HttpResponse:
    here = line()
    pipeline = here.pipelines[pipeline.pk]
    phases = [
        (phase, [(stage, described(pipeline.pk, stage.pk)) for stage in steps])
        for phase, steps in shape_of(pipeline.pk)
    ]
    gone = [row for row in here.stages.values() if row.pipeline_id == pipeline.pk and row.archived_at]
    context: dict[str, Any] = {
        "pipeline": pipeline,
        "phases": phases,
        "shape": shape_of(pipeline.pk),
        "archived": [(stage, here.stages.get(stage.successor_id or 0)) for stage in gone],
        "version": versions.of_pipeline(pipeline.pk),
    }
    return page(request, "jobs/pipeline.html", context, status, told)


@require_POST
@require("line.manage")
def rename_pipeline(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Another name for the pipeline."""
    pipeline = pipeline_of(uid)

    def change() -> str:
        pipeline.rename(request.POST.get("name", ""), by=request.member)
        return _("It is called “%(name)s” now.") % {"name": pipeline.name}

    return _attempt(request, pipeline, change)


@require_POST
@require("line.manage")
def add(request: TenantRequest, uid: UUID) -> HttpResponse:
    """A step at the end of a phase."""
    pipeline = pipeline_of(uid)
    phase = phase_of(request.POST.get("phase", ""))

    def change() -> str:
        stage = Stage.add(pipeline, phase, request.POST.get("name", ""), by=request.member)
        return _("“%(name)s” is a step now.") % {"name": stage.name}

    return _attempt(request, pipeline, change)


@require_POST
@require("line.manage")
def rename(request: TenantRequest, uid: UUID, pk: int) -> HttpResponse:
    """Another name for a step."""
    pipeline = pipeline_of(uid)
    stage = stage_of(pipeline, pk)

    def change() -> str:
        stage.rename(request.POST.get("name", ""), by=request.member)
        return _("The step is called “%(name)s” now.") % {"name": stage.name}

    return _attempt(request, pipeline, change)


@require_POST
@require("line.manage")
def move(request: TenantRequest, uid: UUID, pk: int) -> HttpResponse:
    """One place up or down, through the phases; or into `phase`, in front of the step `before` or last."""
    pipeline = pipeline_of(uid)
    stage = stage_of(pipeline, pk)

    def change() -> str:
        direction, before = request.POST.get("direction", ""), request.POST.get("before", "")
        there = stage.phase_id
        if stage.archived_at:
            raise Refused(_("An archived step has no place. Restore it first."))
        if direction:
            place = _beside(pipeline, stage, up=direction == "up")
        else:
            place = phase_of(request.POST.get("phase", "")), stage_of(pipeline, before) if before else None
        if place:
            stage.move(place[0], before=place[1], by=request.member)
        phase = line().stages[stage.pk].phase_id
        if phase == there:
            return _("The order is saved.")
        name = next(row.name for row in line().phases if row.pk == phase)
        return _("“%(step)s” is in the phase %(phase)s now.") % {"step": stage.name, "phase": name}

    return _attempt(request, pipeline, change)


def _beside(pipeline: Pipeline, stage: Stage, *, up: bool) -> tuple[Phase, Stage | None] | None:
    """The place above or below: in its phase, else at the near end of the next one; None at the end of the line."""
    shape = shape_of(pipeline.pk)
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


@require("line.manage")
def archive(request: TenantRequest, uid: UUID, pk: int) -> HttpResponse:
    """How many leads stand in the step, and doing it: `into` is where they go, `leads` "stay" leaves them."""
    pipeline = pipeline_of(uid)
    stage = stage_of(pipeline, pk)

    def shown(status: int, told: str) -> HttpResponse:
        context: dict[str, Any] = {
            "pipeline": pipeline,
            "stage": stage,
            "standing": effects.standing_in(stage),
            "stays": effects.stays_in(stage),
            "others": [row for row in line().steps(pipeline.pk) if row.pk != stage.pk],
            "next": _next(pipeline, stage),
            "version": versions.of_pipeline(pipeline.pk),
            "told": told,
            "trouble": status >= 400,
        }
        return render(request, "jobs/archive_step.html", context, status=status)

    def change() -> str:
        into = request.POST.get("into", "") if request.POST.get("leads") != "stay" else ""
        stage.archive(into=stage_of(pipeline, into) if into else None, by=request.member)
        if into:
            return _("“%(step)s” is archived; its leads are on their way.") % {"step": stage.name}
        return _("“%(step)s” is archived.") % {"step": stage.name}

    if stage.archived_at:
        return redirect(_address(request, pipeline))
    if request.method != "POST":
        return shown(200, "")
    return attempt(
        request,
        version=lambda: versions.of_pipeline(pipeline.pk),
        change=change,
        show=shown,
        back=_address(request, pipeline),
    )


def _next(pipeline: Pipeline, stage: Stage) -> int:
    """The step behind it, where its leads most likely go; of the last one, the step before it."""
    steps = [row.pk for row in line().steps(pipeline.pk)]
    at = steps.index(stage.pk) if stage.pk in steps else 0
    return steps[at + 1] if at + 1 < len(steps) else steps[max(0, at - 1)]


@require_POST
@require("line.manage")
def restore(request: TenantRequest, uid: UUID, pk: int) -> HttpResponse:
    """Offer an archived step again."""
    pipeline = pipeline_of(uid)
    stage = stage_of(pipeline, pk)

    def change() -> str:
        stage.restore(by=request.member)
        return _("“%(name)s” is a step again.") % {"name": stage.name}

    return _attempt(request, pipeline, change)


def _address(request: TenantRequest, pipeline: Pipeline) -> str:
    return reverse("jobs:pipeline", args=[request.tenant.slug, pipeline.uid])


def _attempt(request: TenantRequest, pipeline: Pipeline, change: Any) -> HttpResponse:
    def shown(status: int, told: str) -> HttpResponse:
        return _show(request, pipeline, status, told)

    return attempt(
        request,
        version=lambda: versions.of_pipeline(pipeline.pk),
        change=change,
        show=shown,
        back=_address(request, pipeline),
    )
