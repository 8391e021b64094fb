"""Make a job opened from a message a lead: add its row in the same transaction, and have it assigned."""

from typing import Any

from crm.jobs.assignment.wake import drain_soon
from crm.jobs.creation.job_creation import BY_MESSAGE
from crm.jobs.models import Job
from leads.assignment import KIND
from leads.models import Lead


def of_message(sender: Any, *, job: Job, cause: str, **_more: Any) -> None:
    """Add the lead's row to a job opened from a message."""
    if cause == BY_MESSAGE:
        Lead.objects.create(job=job, rep_id=job.member_id)
        if job.member_id is None:
            drain_soon(KIND)
