"""Settings: the list of pipelines with their bars; add, move, archive and restore them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.jobs.models import Pipeline
from crm.jobs.pipeline_settings import edit_effects, form_versions
from crm.jobs.pipeline_settings.views.lookup import pipeline_of, shape_of, shift
from crm.jobs.pipelines.phase import FEWEST, MOST
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


@settings_page("jobs:pipelines", "pipelines.manage", "jobs/pipelines.html", version=form_versions.of_pipelines)
def pipelines(request: TenantRequest) -> Context:
    """Show the phases, and every pipeline with its bar."""
    setup = pipeline_setup()
    rows = [(row, shape_of(row.pk), len(setup.steps(row.pk))) for row in setup.pipelines.values()]
    return {
        "live": [row for row in rows if row[0].archived_at is None],
        "archived": [row for row in rows if row[0].archived_at],
        "phases": setup.phases,
        "can_add_phase": len(setup.phases) < MOST,
        "can_remove_phase": len(setup.phases) > FEWEST,
    }


@pipelines.action()
def add(request: TenantRequest) -> HttpResponse:
    """Add a pipeline and open it, so that its steps can be edited."""
    like = request.POST.get("like", "")
    made = Pipeline.add(request.POST.get("name", ""), like=_get_pipeline(like) if like else None, by=request.member)
    messages.success(request, _("“%(name)s” was added. Adjust its steps.") % {"name": made.name})
    return redirect("jobs:pipeline", request.tenant.slug, made.uid)


def _get_pipeline(text: str) -> Pipeline:
    try:
        return pipeline_of(UUID(text))
    except ValueError as error:
        raise Http404 from error


@pipelines.action(pipeline_of)
def move(request: TenantRequest, pipeline: Pipeline) -> str:
    """Move a pipeline one place up or down, or in front of the pipeline `before`."""
    if pipeline.archived_at:
        raise Refused(_("An archived pipeline can’t be moved. Restore it first."))
    live = [row for row in pipeline_setup().pipelines.values() if row.archived_at is None]
    shift(request, live, pipeline, lambda before: pipeline.move(before=before, by=request.member))
    return _("“%(name)s” was moved.") % {"name": pipeline.name}


@pipelines.action(pipeline_of)
def default(request: TenantRequest, pipeline: Pipeline) -> str:
    """Make a pipeline the default for new leads."""
    pipeline.make_default(by=request.member)
    return _("“%(name)s” is now the default pipeline for new leads.") % {"name": pipeline.name}


def _with_its_leads(pipeline: Pipeline) -> Context:
    return {"pipeline": pipeline, "along": edit_effects.along(pipeline)}


@pipelines.action(pipeline_of, ask=("jobs/archive_pipeline.html", _with_its_leads))
def archive(request: TenantRequest, pipeline: Pipeline) -> str:
    """Archive a pipeline."""
    pipeline.archive(by=request.member)
    return _("“%(name)s” is archived.") % {"name": pipeline.name}


@pipelines.action(pipeline_of)
def restore(request: TenantRequest, pipeline: Pipeline) -> str:
    """Restore an archived pipeline."""
    pipeline.restore(by=request.member)
    return _("“%(name)s” was restored.") % {"name": pipeline.name}
