"""Find the step that replaces an archived one: no job may enter an archived step."""

from crm.jobs.models.stage import Stage
from crm.jobs.pipelines.setup import pipeline_setup


def resting_place(stage_id: int) -> Stage | None:
    """Return the live step that gets an archived one's jobs, through any archived in between; None: they stay."""
    steps, seen = pipeline_setup().stages, {stage_id}
    stage = steps[stage_id]
    while stage.archived_at:
        if stage.successor_id is None or stage.successor_id in seen:
            return None
        seen.add(stage.successor_id)
        stage = steps[stage.successor_id]
    return stage if stage.pk != stage_id else None


def successor_of(stage_id: int) -> Stage:
    """The step itself, or for an archived one its successor, the nearest of its phase, or its pipeline's first."""
    here = pipeline_setup()
    stage = here.stages[stage_id]
    if stage.archived_at is None:
        return stage
    near = here.shapes[stage.pipeline_id][here.phase_of(stage_id) - 1]
    nearest = min(near, key=lambda step: (abs(step.position - stage.position), step.position), default=None)
    return resting_place(stage_id) or nearest or here.steps(stage.pipeline_id)[0]
