"""Register the clock of jobs; an edited stage target recalculates the jobs it applies to."""

from collections.abc import Sequence
from typing import Any

from crm.jobs.clock import recalculation, tick
from crm.jobs.models import Job
from crm.platform.models import Event

tick.register(Job)
recalculation.register(Job)


def after_target(changes: Sequence[Event]) -> None:
    """Recalculate open clocks the edited target applies to; a paused one runs on by the new target."""
    for event in changes:
        recalculation.lay(Job, recalculation.RETARGET, of_case(event.subject_id, event.data))


def of_case(pipeline_id: int, case: dict[str, int | None]) -> Any:
    """Filter the open jobs a target applies to, unless a more specific one does."""
    jobs = Job.objects.open().filter(pipeline_id=pipeline_id, stage_id=case["stage"])
    wanted = {"brand_id": case["brand"], "priority": case["priority"]}
    return jobs.filter(**{name: value for name, value in wanted.items() if value is not None})
