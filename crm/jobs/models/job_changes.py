"""Changes to a job and the data of their events, shared by single-job verbs and bulk verbs (bulk/verbs.py).

Each function changes the job in memory only. The caller has locked it, saves it and records the event.
"""

from datetime import datetime
from typing import Any

from crm.jobs.clock.clocked import Level, Side
from crm.jobs.models.job_record import JobRecord
from crm.jobs.models.visit import visit_left
from crm.jobs.pipelines.stage import Stage
from crm.kernel import clock
from crm.platform.events.events import EventDraft
from crm.platform.models import Member


def enter_stage(job: JobRecord, stage: Stage, cause: str) -> tuple[dict[str, Any], dict[str, Any], list[EventDraft]]:
    """Set the stage; return the values of the visit that ends, the event's data, and what the clock crossed."""
    before = job.stage_id
    left = visit_left(job)
    crossings: list[EventDraft] = []
    still_waits = before is None and job.side == Side.US and job.is_running
    job.stage_id = stage.pk
    job.entered_at = clock.now()
    if still_waits and job.is_untouched:
        # Entering the first step is no contact: the customer goes on waiting, and the clock of first contact runs on.
        crossings = job._retarget(Level.OK)
    else:
        job._start_clock(Side.US, job._allowance())
    return left, {"from": before, "to": stage.pk, "level": left["level"].css, "cause": cause}, crossings


def change_member(job: JobRecord, member: Member | None) -> dict[str, Any] | None:
    """Set the member; return the event's data, None if the member is the same."""
    before = job.member_id
    after = member.pk if member else None
    if before == after:
        return None
    job.member_id = after
    return {"from": before, "to": after}


def change_priority(job: JobRecord, priority: int, seen: int) -> tuple[dict[str, Any], list[EventDraft]]:
    """Set the priority; return the event's data and what the clock crossed beyond the recorded level `seen`."""
    data = {"from": job.priority, "to": priority}
    job.priority = priority
    if job.is_open:
        return data, job._retarget(seen)
    return data, []


def change_next_step(job: JobRecord, kind: str, label: str, at: datetime | None, cause: str) -> dict[str, Any] | None:
    """Set the next step; return the event's data, None if it is the same."""
    planned = (kind, label[:120], at)
    if job.next_step == planned:
        return None
    job.next_step_kind, job.next_step_label, job.next_step_at = planned
    data: dict[str, Any] = {"kind": kind, "at": at.isoformat() if at else None}
    if cause:
        data["cause"] = cause
    return data
