"""Settings: the list of pipelines with their bars, and the verbs that concern a whole pipeline."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs import effects, versions
from crm.jobs.editing import Refused
from crm.jobs.line import line
from crm.jobs.models import Pipeline
from crm.jobs.models.phase import FEWEST, MOST
from crm.jobs.views.editing import attempt, page, pipeline_of, shape_of, shift
from crm.platform.access import require
from crm.platform.http import TenantRequest


@require("line.manage")
def pipelines(request: TenantRequest) -> HttpResponse:
    """The phases, and every pipeline on them."""
    return show(request, 200, "")


def show(request: TenantRequest, status: int, told: str) -> HttpResponse:
    """The page as it is now, with what is to be said."""
    here = line()
    rows = [(row, shape_of(row.pk), len(here.steps(row.pk))) for row in here.pipelines.values()]
    context: dict[str, Any] = {
        "live": [row for row in rows if row[0].archived_at is None],
        "archived": [row for row in rows if row[0].archived_at],
        "phases": here.phases,
        "can_add_phase": len(here.phases) < MOST,
        "can_remove_phase": len(here.phases) > FEWEST,
        "version": versions.of_line(),
    }
    return page(request, "jobs/pipelines.html", context, status, told)


@require_POST
@require("line.manage")
def add(request: TenantRequest) -> HttpResponse:
    """A new pipeline; it opens, to be filled with steps."""
    like = request.POST.get("like", "")
    made: list[Pipeline] = []

    def change() -> str:
        model = _named(like) if like else None
        made.append(Pipeline.add(request.POST.get("name", ""), like=model, by=request.member))
        return _("“%(name)s” is there now. Fit its steps.") % {"name": made[0].name}

    def shown(status: int, told: str) -> HttpResponse:
        return show(request, status, told)

    response = attempt(request, version=versions.of_line, change=change, show=shown, back=back(request))
    return redirect("jobs:pipeline", request.tenant.slug, made[0].uid) if made else response


@require_POST
@require("line.manage")
def move(request: TenantRequest, uid: UUID) -> HttpResponse:
    """One place up or down in the list, or in front of the pipeline `before`."""
    pipeline = pipeline_of(uid)

    def change() -> str:
        if pipeline.archived_at:
            raise Refused(_("An archived pipeline has no place. Restore it first."))
        live = [row for row in line().pipelines.values() if row.archived_at is None]
        shift(request, live, pipeline, lambda before: pipeline.move(before=before, by=request.member))
        return _("“%(name)s” is moved.") % {"name": pipeline.name}

    return _attempt(request, change)


@require_POST
@require("line.manage")
def default(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Let new leads come in along it."""
    pipeline = pipeline_of(uid)

    def change() -> str:
        pipeline.make_default(by=request.member)
        return _("New leads that name no pipeline come in along “%(name)s”.") % {"name": pipeline.name}

    return _attempt(request, change)


@require("line.manage")
def archive(request: TenantRequest, uid: UUID) -> HttpResponse:
    """What archiving would do, and doing it."""
    pipeline = pipeline_of(uid)

    def shown(status: int, told: str) -> HttpResponse:
        context = {
            "pipeline": pipeline,
            "along": effects.along(pipeline),
            "version": versions.of_line(),
            "told": told,
            "trouble": status >= 400,
        }
        return render(request, "jobs/archive_pipeline.html", context, status=status)

    def change() -> str:
        pipeline.archive(by=request.member)
        return _("“%(name)s” is archived.") % {"name": pipeline.name}

    if request.method != "POST":
        return shown(200, "")
    return attempt(request, version=versions.of_line, change=change, show=shown, back=back(request))


@require_POST
@require("line.manage")
def restore(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Offer an archived pipeline again."""
    pipeline = pipeline_of(uid)

    def change() -> str:
        pipeline.restore(by=request.member)
        return _("“%(name)s” is offered again.") % {"name": pipeline.name}

    return _attempt(request, change)


def back(request: TenantRequest) -> str:
    """The address of the list."""
    return reverse("jobs:pipelines", args=[request.tenant.slug])


def _named(text: str) -> Pipeline:
    try:
        return pipeline_of(UUID(text))
    except ValueError as error:
        raise Http404 from error


def _attempt(request: TenantRequest, change: Any) -> HttpResponse:
    def shown(status: int, told: str) -> HttpResponse:
        return show(request, status, told)

    return attempt(request, version=versions.of_line, change=change, show=shown, back=back(request))
