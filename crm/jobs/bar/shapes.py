"""Build the shape of each pipeline's bar once and cache it until the configuration changes."""

from crm.jobs.bar.bar import BarStep, Shape
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import cached_per_tenant


@cached_per_tenant
def shapes() -> dict[int, Shape]:
    """Return shapes by pipeline id: its steps on the tenant's phases, with archived ones, for past visits."""
    setup = pipeline_setup()
    made = {}
    for pipeline_id in setup.pipelines:
        steps = [stage for stage in setup.stages.values() if stage.pipeline_id == pipeline_id]
        made[pipeline_id] = Shape(
            tuple(
                (
                    phase.name,
                    tuple(BarStep(s.pk, s.name, s.archived_at is not None) for s in steps if s.phase_id == phase.pk),
                )
                for phase in setup.phases
            )
        )
    return made
