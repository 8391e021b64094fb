"""What rows about a job are called where they stand by themselves: by its title, the customer's name."""

from collections.abc import Iterable
from typing import Any

from crm.jobs.models import Job


def job_titles(rows: Iterable[Any]) -> dict[int, str]:
    """Return the titles of the jobs that rows are about, by the rows' ids; one statement."""
    listed = list(rows)
    jobs = Job.objects.in_bulk({row.job_id for row in listed})
    return {row.pk: jobs[row.job_id].title for row in listed if row.job_id in jobs}
