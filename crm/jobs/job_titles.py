"""Titles of jobs, for rows about a job that are shown outside its page."""

from collections.abc import Iterable
from typing import Any

from crm.jobs.models import Job


def job_titles(rows: Iterable[Any]) -> dict[int, str]:
    """Return the titles of the rows' jobs, by row id; one statement."""
    listed = list(rows)
    jobs = Job.objects.in_bulk({row.job_id for row in listed})
    return {row.pk: jobs[row.job_id].title for row in listed if row.job_id in jobs}
