"""Undo actions on follow-ups: cancel planned ones, and reopen completed or cancelled ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.jobs.bulk.verbs import plan_next_all
from crm.jobs.models import Job
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import Undoable
from followups.models.due_time import cancel_miss
from followups.models.job_next_step import CAUSE, NOTHING, first_steps
from followups.models.queryset import CANCELLED, OPEN

PLANNED = "followup.planned"
RESCHEDULED = "followup.rescheduled"
ASSIGNED = "followup.assigned"


class FollowUpUndo(Undoable):
    """A follow-up's part in crm/platform/undo.py."""

    # A new version means somebody changed it.
    undo_columns = ("version", "status", "due_at", "assignee_id")
    undo_named_with = ("job", "person")

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def undo_name(self) -> str:
        row: Any = self
        if row.job:
            whose = row.job.title
        elif row.person:
            whose = row.person.name
        else:
            whose = ""
        return " · ".join(filter(None, [row.subject, whose]))

    @property
    def followed_by(self) -> str:
        """Return the origin of follow-ups planned together with its last completion."""
        row: Any = self
        return f"{row.uid.hex}:{row.version}"

    def lock_following(self) -> list[Any]:
        """Lock and return the follow-ups planned together with its completion, except those changed since."""
        row: Any = self
        model = type(row)
        following: list[Any] = model.lock_all(
            model.objects.filter(origin__startswith=f"{row.uid.hex}:", status__in=OPEN, version=1)
        )
        return following

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Undo: cancel planned ones, restore the time or the member, and reopen completed or cancelled ones."""
        if change.kind == PLANNED:
            cls._cancel_all(rows, by)
            return
        for row in rows:
            before = recorded[row.pk].before or {}
            if change.kind == RESCHEDULED:
                due_at = before.get("due_at")
                row.restore_time(datetime.fromisoformat(due_at) if due_at else None, by=by)
            elif change.kind == ASSIGNED:
                row.assign_to(Member.objects.filter(pk=before["assignee_id"]).first(), by=by)
            else:
                row.reopen(by=by)

    @classmethod
    def _cancel_all(cls, rows: list[Any], by: Member) -> None:
        """Cancel all at once; update the next step of each job that showed one."""
        for row in rows:
            row.status, row.version = CANCELLED, row.version + 1
        bulk_write.save_all(rows, ["status", "version"])
        facts = [EventDraft("followup.cancelled", row, {"kind": row.kind}, job_id=row.job_id) for row in rows]
        events.record_all(facts, by=by)
        cancel_miss(rows)
        steps_by_job = {row.job_id: (row.kind, row.subject, row.due_at) for row in rows}
        # Locked with the rows (FollowUp.lock_all).
        jobs = Job.objects.filter(pk__in=steps_by_job).order_by("pk")
        cls._show_what_is_open([job for job in jobs if job.next_step == steps_by_job[job.pk]], by)

    @classmethod
    def _show_what_is_open(cls, jobs: Sequence[Job], by: Member) -> None:
        """Update the jobs' next steps, grouping jobs with the same one; most have none afterwards."""
        steps = first_steps([job.pk for job in jobs], cls.objects.filter(status__in=OPEN))
        alike: dict[tuple[str, str, datetime | None], list[Job]] = defaultdict(list)
        for job in jobs:
            alike[steps.get(job.pk, NOTHING)].append(job)
        for (kind, label, at), those in alike.items():
            plan_next_all(those, kind=kind, label=label, at=at, by=by, cause=CAUSE)
