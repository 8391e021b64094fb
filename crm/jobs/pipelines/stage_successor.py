"""The next step, and the successor of an archived one: no job may enter an archived step."""

from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.platform.organization.configuration import cached_per_tenant


def resting_place(stage_id: int) -> Stage | None:
    """Return the live step that receives an archived one's jobs, skipping archived ones; None: they stay."""
    steps = pipeline_setup().stages
    seen = {stage_id}
    stage = steps[stage_id]
    while stage.archived_at:
        if stage.successor_id is None or stage.successor_id in seen:
            return None
        seen.add(stage.successor_id)
        stage = steps[stage.successor_id]
    if stage.pk != stage_id:
        return stage
    return None


def successor_of(stage_id: int) -> Stage:
    """The step itself, or for an archived one its successor, the nearest of its phase, or its pipeline's first."""
    setup = pipeline_setup()
    stage = setup.stages[stage_id]
    if stage.archived_at is None:
        return stage
    near = setup.shapes[stage.pipeline_id][setup.phase_of(stage_id) - 1]
    nearest = min(near, key=lambda step: (abs(step.position - stage.position), step.position), default=None)
    return resting_place(stage_id) or nearest or setup.steps(stage.pipeline_id)[0]


@cached_per_tenant
def next_stages() -> dict[tuple[int, int | None], Stage]:
    """Map (pipeline, step) to the next live step; (pipeline, None) gives the first, the last step has none."""
    setup = pipeline_setup()
    order = {phase.pk: at for at, phase in enumerate(setup.phases)}
    stages: dict[tuple[int, int | None], Stage] = {}
    for pipeline_id in setup.pipelines:
        steps = [stage for stage in setup.stages.values() if stage.pipeline_id == pipeline_id]
        steps.sort(key=lambda stage: (order[stage.phase_id], stage.position, stage.pk))
        after: Stage | None = None
        for stage in reversed(steps):
            if after:
                stages[pipeline_id, stage.pk] = after
            if not stage.archived_at:
                after = stage
        if after:
            stages[pipeline_id, None] = after
    return stages
