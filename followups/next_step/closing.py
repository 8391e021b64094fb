"""Close a job's open follow-ups when it is lost or dropped; reopen them when that is undone.

Uses the job as it is now, not the event: running twice, or late, closes and reopens nothing wrongly.
"""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.models import Job, JobState
from crm.platform.models import Event
from followups.models import FollowUp

ENDS = ("job.lost", "job.dropped")
# The causes in the events of follow-ups cancelled with their job are the events that ended it.
GONE = (JobState.LOST, JobState.DROPPED)


def close_with_jobs(changes: Sequence[Event]) -> None:
    """Cancel the open follow-ups of jobs that were lost or dropped; reopen them for jobs where that was undone."""
    ended = {one.subject_id: one.kind for one in changes if one.kind in ENDS}
    undone = {one.subject_id: one for one in changes if one.kind == "job.undone" and one.data.get("of") in ENDS}
    # The jobs first: whoever changes a follow-up waits there.
    jobs = Job.objects.select_for_update().filter(pk__in={*ended, *undone}).order_by("pk")
    for job in jobs:
        if job.state in GONE and job.pk in ended:
            for row in FollowUp.objects.of_job(job.pk).open().by_time():
                row.cancel(by=None, cause=ended[job.pk])
        elif job.is_open and job.pk in undone:
            _reopen_with_job(job, undone[job.pk])


def _reopen_with_job(job: Job, undone: Event) -> None:
    """Reopen what was cancelled with the job, and set the earliest open one as its next step."""
    since = datetime.fromisoformat(undone.data["since"])
    closed = Event.objects.of_job(job.pk).filter(kind="followup.cancelled", data__cause__in=ENDS, at__gte=since)
    ids = set(closed.values_list("subject_id", flat=True))
    for row in FollowUp.objects.filter(pk__in=ids, status="cancelled").by_time():
        row.reopen(by=None)
    if first := FollowUp.objects.of_job(job.pk).open().by_time().first():
        first.update_job(None)
