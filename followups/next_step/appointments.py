"""Show appointments as their jobs' next steps, when they are booked, moved or over."""

from collections.abc import Sequence

from crm.jobs.models import Job
from crm.platform.models import Event
from followups.models import FollowUp
from followups.models.job_next_step import CAUSE, NOTHING, first_steps


def copy_next_steps(changed: Sequence[Event]) -> None:
    """Copy each job's earliest open follow-up or appointment to its next step. Idempotent."""
    ids = {event.job_id for event in changed if event.job_id}
    jobs = list(Job.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    steps = first_steps([job.pk for job in jobs], FollowUp.objects.open())
    for job in jobs:
        kind, label, at = steps.get(job.pk, NOTHING)
        # A job that was lost keeps none (followups/next_step/closing.py).
        if job.is_open:
            job.plan_next(kind=kind, label=label, at=at, by=None, cause=CAUSE)
