"""The same follow-up for many leads at once: the set form of `FollowUp.plan`, and of the copy on each job."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.jobs.many import plan_next_all
from crm.jobs.models import Job
from crm.platform import due, events
from crm.platform.events import Fact
from crm.platform.models import Member
from followups.models import FollowUp, Kind
from followups.models.follow_up import CAUSE, MISSED


@transaction.atomic
def plan_many(job_ids: Sequence[int], *, kind: str, subject: str, due_at: datetime, by: Member) -> list[FollowUp]:
    """Plan it for each open job, for whoever has the job; where nobody has, for oneself."""
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids, state="open").order_by("pk"))
    rows = [_of(job, Kind(kind), subject, due_at, by) for job in jobs]
    made: list[FollowUp] = FollowUp.objects.bulk_create(rows)
    facts = [Fact("followup.planned", row, _told(row), job_id=row.job_id) for row in made]
    if facts:
        events.record_all(facts, by=by)
    due.schedule_all(MISSED, [(row.pk, due_at) for row in made])
    first = [job for job in jobs if not job.next_step_kind or job.next_step_at is None or due_at < job.next_step_at]
    plan_next_all(first, kind=kind, label=subject, at=due_at, by=by, cause=CAUSE)
    return made


def _of(job: Job, kind: Kind, subject: str, due_at: datetime, by: Member) -> FollowUp:
    return FollowUp(
        job_id=job.pk,
        person_id=job.person_id,
        kind=kind,
        subject=subject[:120],
        due_at=due_at,
        sort_at=due_at,
        priority=job.priority,
        assignee_id=job.member_id or by.pk,
        created_by=by,
    )


def _told(row: FollowUp) -> dict[str, object]:
    return {"kind": row.kind, "assignee": row.assignee_id, "at": row.due_at.isoformat() if row.due_at else None}
