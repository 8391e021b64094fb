"""Move the jobs in an archived step to its successor, with one Due each, fairly shared between tenants.

They go as by `move_to`, so that each stay ends as any does; one that went elsewhere meanwhile is let be.
"""

from collections.abc import Sequence

from crm.jobs.bulk.verbs import move_all
from crm.jobs.models import Job
from crm.jobs.pipelines.exit_criteria import Heed
from crm.jobs.pipelines.stage_successor import resting_place
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.work import due

CAUSE = "step archived"
FOLLOW = "job.follow_step"


def after_archiving(changes: Sequence[Event]) -> None:
    """Schedule a Due for each job in an archived step that has a successor."""
    steps = [event.subject_id for event in changes if resting_place(event.subject_id)]
    now = clock.now()
    standing = Job.objects.open().filter(stage_id__in=steps)
    due.schedule_all(FOLLOW, [(pk, now) for pk in standing.values_list("pk", flat=True)])


def follow(job_ids: Sequence[int]) -> None:
    """Move jobs out of their archived step, to its successor."""
    jobs = Job.objects.open().filter(pk__in=job_ids, stage__isnull=False).select_for_update().order_by("pk")
    places = [(job, resting_place(job.stage_id)) for job in jobs]
    move_all([(job, stage) for job, stage in places if stage is not None], by=None, cause=CAUSE, heed=Heed.NONE)
