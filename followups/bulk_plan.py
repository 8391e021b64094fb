"""The same follow-up for many leads at once: the set form of `FollowUp.plan`, and of the copy on each job."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.jobs.bulk.verbs import plan_next_all
from crm.jobs.models import Change, Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member
from crm.platform.work import due
from followups.kinds import kinds
from followups.models import FollowUp
from followups.models.follow_up import CAUSE, MISSED, Status


@transaction.atomic
def plan_many(job_ids: Sequence[int], *, kind: str, subject: str, due_at: datetime, by: Member) -> list[FollowUp]:
    """Plan it for each open job, for whoever has the job; where nobody has, for oneself."""
    jobs = list(Job.objects.select_for_update().filter(pk__in=job_ids, state="open").order_by("pk"))
    now = clock.now()
    if kind not in kinds().all:
        raise ValueError(f"there is no type of follow-up {kind!r}")
    rows = [_of(job, kind, subject, due_at, by, now) for job in jobs]
    made: list[FollowUp] = FollowUp.objects.bulk_create(rows)
    facts = [Fact("followup.planned", row, _told(row), job_id=row.job_id) for row in made]
    if facts:
        events.record_all(facts, by=by)
    due.schedule_all(MISSED, [(row.pk, due_at) for row in made])
    first = [job for job in jobs if not job.next_step_kind or job.next_step_at is None or due_at < job.next_step_at]
    plan_next_all(first, kind=kind, label=subject, at=due_at, by=by, cause=CAUSE)
    return made


@transaction.atomic
def take_back(at: datetime, *, by: Member) -> tuple[int, int]:
    """Cancel what a member planned at that instant; says how many, and how many somebody touched since, which stay.

    Each job shows again what is open on it. Raises Refused when it is too late, or all were touched.
    """
    made = FollowUp.objects.filter(created_by=by, created_at=at)
    if clock.now() - at > Change.POSSIBLE:
        raise Refused(_("It is too late to take this back."))
    jobs = list(Job.objects.select_for_update().filter(pk__in=made.values("job_id")).order_by("pk"))
    rows = list(made.order_by("pk").select_for_update())
    mine = [row for row in rows if row.version == 1 and row.is_open]
    if not mine:
        raise Refused(_("It was changed since, so it cannot be taken back."))
    ids, job_ids = [row.pk for row in mine], {row.job_id for row in mine}
    FollowUp.objects.filter(pk__in=ids).update(status=Status.CANCELLED, version=F("version") + 1)
    events.record_all([Fact("followup.cancelled", row, {"kind": row.kind}, job_id=row.job_id) for row in mine], by=by)
    due.cancel(MISSED, ids)
    shown = (mine[0].kind, mine[0].subject, mine[0].due_at)
    showing = [job for job in jobs if (job.next_step_kind, job.next_step_label, job.next_step_at) == shown]
    _show_what_is_open([job for job in showing if job.pk in job_ids], by)
    return len(mine), len(rows) - len(mine)


def _show_what_is_open(jobs: Sequence[Job], by: Member) -> None:
    """The set form of the copy: the jobs with the same next step at once; most have none again."""
    firsts = FollowUp.objects.open().filter(job_id__in=[job.pk for job in jobs]).order_by("job_id", "sort_at", "id")
    steps = {row.job_id: (str(row.kind), row.subject, row.due_at) for row in firsts.distinct("job_id")}
    alike: dict[tuple[str, str, datetime | None], list[Job]] = defaultdict(list)
    for job in jobs:
        alike[steps.get(job.pk, ("", "", None))].append(job)
    for (kind, label, at), those in alike.items():
        plan_next_all(those, kind=kind, label=label, at=at, by=by, cause=CAUSE)


def _of(job: Job, kind: str, subject: str, due_at: datetime, by: Member, now: datetime) -> FollowUp:
    return FollowUp(
        job_id=job.pk,
        person_id=job.person_id,
        kind=str(kind),
        subject=subject[:120],
        due_at=due_at,
        sort_at=due_at,
        priority=job.priority,
        assignee_id=job.member_id or by.pk,
        # One instant for all, by which they are taken back together.
        created_at=now,
        created_by=by,
    )


def _told(row: FollowUp) -> dict[str, object]:
    return {"kind": row.kind, "assignee": row.assignee_id, "at": row.due_at.isoformat() if row.due_at else None}
