"""Untouched leads, i.e. without a first contact: the only definition, in memory and as a query condition.

A customer waits for the first contact while none is recorded and the lead stands at the start. Past the first step
somebody must have been in touch, whoever wrote it down; moved back there, that word is taken back.
"""

from functools import reduce
from operator import or_

from django.db.models import Q

from crm.jobs.clock.arithmetic import Level
from crm.jobs.pipelines.setup import PipelineSetup, pipeline_setup


def stands_at_start(pipeline_id: int, stage_id: int | None, past: str) -> bool:
    """Return True if a job has no status, or is in the first step and did not come from an archived one before it."""
    setup = pipeline_setup()
    if stage_id is None or stage_id != setup.first_step(pipeline_id):
        return stage_id is None
    left = {visit.partition(":")[0] for visit in past.split()}
    return not left or left.isdisjoint(map(str, _before_first(setup, pipeline_id)))


def untouched_condition() -> Q:
    """Return the condition on open jobs; it is covered by an index (job_untouched)."""
    setup = pipeline_setup()
    first = [stage_id for stage_id in map(setup.first_step, setup.pipelines) if stage_id]
    was_in = [
        Q(past__startswith=f"{stage_id}:") | Q(past__contains=f" {stage_id}:")
        for pipeline_id in setup.pipelines
        for stage_id in _before_first(setup, pipeline_id)
    ]
    if was_in:
        in_first = Q(stage_id__in=first) & ~reduce(or_, was_in)
    else:
        in_first = Q(stage_id__in=first)
    return Q(touched_at__isnull=True, level__lt=Level.ENDED) & (Q(stage_id__isnull=True) | in_first)


def _before_first(here: PipelineSetup, pipeline_id: int) -> list[int]:
    """List the archived steps before the first one: a job moved on from them was already contacted."""
    first = here.first_step(pipeline_id)
    earlier = (stage for stage in here.stages.values() if stage.pipeline_id == pipeline_id and stage.archived_at)
    return [stage.pk for stage in earlier if first and here.place(stage.pk) < here.place(first)]
