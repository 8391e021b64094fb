"""Settings: the phases all pipelines share, edited on the page of pipelines."""

from django.utils.translation import gettext as _

from crm.jobs.models import Phase
from crm.jobs.pipeline_settings.views.lookup import phase_of, shift
from crm.jobs.pipeline_settings.views.pipelines import pipelines
from crm.jobs.pipelines.setup import pipeline_setup
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context


@pipelines.action()
def add(request: TenantRequest) -> str:
    """Add a phase after the others."""
    phase = Phase.add(request.POST.get("name", ""), by=request.member)
    return _("“%(name)s” was added to every pipeline.") % {"name": phase.name}


@pipelines.action(phase_of)
def rename(request: TenantRequest, phase: Phase) -> str:
    """Rename a phase."""
    phase.rename(request.POST.get("name", ""), by=request.member)
    return _("The phase was renamed to “%(name)s”.") % {"name": phase.name}


@pipelines.action(phase_of)
def sold(request: TenantRequest, phase: Phase) -> str:
    """Set whether jobs in a phase count as sold."""
    phase.set_sold(request.POST.get("sold") == "yes", by=request.member)
    if phase.is_sold:
        return _("Leads in “%(name)s” now count as sold.") % {"name": phase.name}
    return _("Leads in “%(name)s” no longer count as sold.") % {"name": phase.name}


@pipelines.action(phase_of)
def move(request: TenantRequest, phase: Phase) -> str:
    """Move a phase one place up or down, or in front of the phase named `before`; in every bar at once."""
    shift(request, pipeline_setup().phases, phase, lambda before: phase.move(before=before, by=request.member))
    return _("“%(name)s” was moved.") % {"name": phase.name}


def _with_its_steps(phase: Phase) -> Context:
    """Return the context of deleting a phase: its steps, and the phases they would join."""
    setup = pipeline_setup()
    steps = [row for row in setup.stages.values() if row.phase_id == phase.pk]
    return {
        "phase": phase,
        "steps": [(setup.pipelines[row.pipeline_id].name, row) for row in steps],
        "others": [row for row in setup.phases if row.pk != phase.pk],
    }


@pipelines.action(phase_of, ask=("jobs/remove_phase.html", _with_its_steps))
def remove(request: TenantRequest, phase: Phase) -> str:
    """Delete a phase; its steps move to the phase `into`."""
    phase.remove(into=phase_of(request.POST.get("into", "")), by=request.member)
    return _("The phase “%(name)s” was removed. Its steps were moved to another phase.") % {"name": phase.name}
