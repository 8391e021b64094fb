"""A job's next step: the earliest of its open follow-ups and its coming appointments."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.models import Member

# The cause in the events of the job's copy, so that a timeline tells each change once.
CAUSE = "followup"

# Kind, words and time; blank where nothing is planned.
Step = tuple[str, str, datetime | None]
NOTHING: Step = ("", "", None)


def first_steps(job_ids: Iterable[int], open_follow_ups: Any) -> dict[int, Step]:
    """Return the next step of each job that has one. Two queries; `open_follow_ups`: the follow-ups to consider."""
    ids = list(job_ids)
    coming = Appointment.objects.coming(clock.now()).filter(job_id__in=ids).select_related("type")
    booked = coming.order_by("job_id", "starts_at", "id").distinct("job_id")
    steps: dict[int, Step] = {row.job_id: (row.type.way, row.type.name, row.starts_at) for row in booked}
    firsts = open_follow_ups.filter(job_id__in=ids).order_by("job_id", "sort_at", "id").distinct("job_id")
    for row in firsts:
        at = steps.get(row.job_id, NOTHING)[2]
        if at is None or row.sort_at <= at:
            steps[row.job_id] = (str(row.kind), row.subject, row.due_at)
    return steps


def copy_first_step(job_id: int, open_follow_ups: Any, *, by: Member | None) -> None:
    """Copy a job's next step to the job, or clear it there. The job must be locked."""
    kind, label, at = first_steps([job_id], open_follow_ups).get(job_id, NOTHING)
    Job.objects.get(pk=job_id).plan_next(kind=kind, label=label, at=at, by=by, cause=CAUSE)
