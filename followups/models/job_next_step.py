"""A job's next step: the earliest of its open follow-ups and its coming appointments."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crm.jobs.bulk.verbs import plan_next_each
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
    for job_id, kind, subject, due_at, sort_at in firsts.values_list("job_id", "kind", "subject", "due_at", "sort_at"):
        at = steps.get(job_id, NOTHING)[2]
        if at is None or sort_at <= at:
            steps[job_id] = (str(kind), subject, due_at)
    return steps


def jobs_showing(steps: Iterable[tuple[int, Step]]) -> set[int]:
    """Return the jobs that show one of these as their next step, by id. An imported one may not be a row yet."""
    pairs = set(steps)
    jobs = Job.objects.filter(pk__in={job_id for job_id, _step in pairs})
    return {job.pk for job in jobs if (job.pk, job.next_step) in pairs}


def copy_first_steps(job_ids: Iterable[int], open_follow_ups: Any, *, by: Member | None) -> None:
    """Copy the next step of each job to the job, or clear it there. The jobs must be locked."""
    # Of a job with fifty columns, ten of them times, no other is read: a third of the cost of moving thousands.
    jobs = list(Job.objects.filter(pk__in=set(job_ids)).only(*Job.NEXT_STEP_COLUMNS).order_by("pk"))
    steps = first_steps([job.pk for job in jobs], open_follow_ups)
    plan_next_each([(job, steps.get(job.pk, NOTHING)) for job in jobs], by=by, cause=CAUSE)
