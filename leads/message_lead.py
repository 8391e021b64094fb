"""A job that was opened from a message is a lead: its row is added in the same transaction, and it finds a rep."""

from typing import Any

from crm.jobs.assignment.wake import drain_soon
from crm.jobs.creation.job_creation import BY_MESSAGE
from crm.jobs.models import Job
from leads.assignment import KIND
from leads.models import Lead


def of_message(sender: Any, *, job: Job, cause: str, **_more: Any) -> None:
    """Add what makes a job of a message a lead."""
    if cause == BY_MESSAGE:
        Lead.objects.create(job=job, rep_id=job.member_id)
        if job.member_id is None:
            drain_soon(KIND)
