"""Create follow-ups from next steps set on the job itself, as by an import.

The job's present copy is compared with its open follow-ups, never the event: running twice, or late, adds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.models.due_time import schedule_due_work
from followups.models.follow_up_row import UNDATED
from followups.models.job_next_step import CAUSE
from followups.models.kind_setup import OneKind, kinds


def adopt_planned(planned: Sequence[Event]) -> None:
    """Create follow-ups for the jobs of next-step events, except events that a follow-up caused."""
    adopt_next_steps(event.subject_id for event in planned if event.data.get("cause") != CAUSE)


def adopt_next_steps(job_ids: Iterable[int]) -> int:
    """Create a follow-up for each open job's next step that has no matching one. Returns how many."""
    jobs = Job.objects.select_for_update().filter(pk__in=set(job_ids), state="open").exclude(next_step_kind="")
    wanted = list(jobs.order_by("pk"))
    there = {
        (row.job_id, row.subject, row.due_at)
        for row in FollowUp.objects.open().filter(job_id__in=[job.pk for job in wanted])
    }
    new = [row for row in map(build_from_job, wanted) if (row.job_id, row.subject, row.due_at) not in there]
    if new:
        FollowUp.objects.bulk_create(new)
        # Not on the job's timeline, which shows the planning already.
        events.record_all(
            [EventDraft("followup.planned", row, {"kind": row.kind, "cause": "job"}) for row in new], by=None
        )
        schedule_due_work(new, are_new=True)
        adopted = {row.job_id for row in new}
        _copy_earliest_to_jobs({job.pk: job for job in wanted if job.pk in adopted})
    return len(new)


def build_from_job(job: Job) -> FollowUp:
    """Build the follow-up that a job's copy of its next step describes, unsaved; assigned to the job's member."""
    kind = kinds().of(job.next_step_kind)
    return FollowUp(
        job_id=job.pk,
        person_id=job.person_id,
        kind=kind.code,
        subject=job.next_step_label or _kind_label(kind),
        due_at=job.next_step_at,
        sort_at=job.next_step_at or UNDATED,
        priority=job.priority,
        assignee_id=job.member_id,
        created_at=clock.now(),
    )


def _kind_label(kind: OneKind) -> str:
    with override(directory().tenant.language):
        return kind.label


def _copy_earliest_to_jobs(jobs: Mapping[int, Job]) -> None:
    """Update the job's copy if another open one is earlier, or the copy has no text. The jobs are locked."""
    firsts = FollowUp.objects.open().filter(job_id__in=jobs).order_by("job_id", "sort_at", "id").distinct("job_id")
    for first, job in ((row, jobs[row.job_id]) for row in firsts if row.job_id):
        if (job.next_step_kind, job.next_step_label, job.next_step_at) != (first.kind, first.subject, first.due_at):
            first.update_job(None)
