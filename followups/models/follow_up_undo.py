"""Undo actions on follow-ups: cancel those they created; restore what they altered of others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.platform.database import bulk_write
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import Undoable
from followups.models.completion import cancel_all, close_again, reopen_all, start_all, stop_all
from followups.models.due_time import set_due_times
from followups.models.edits import EDITABLE, edit_all
from followups.models.queryset import OPEN
from followups.models.status import FollowUpStatus

PLANNED = "followup.planned"
# What the origin of an imported follow-up begins with.
IMPORT_ORIGIN = "import:"
_CLOSED = ("status", "outcome", "completed_at", "completed_by_id")


class FollowUpUndo(Undoable):
    """A follow-up's part in crm/platform/undo.py."""

    # A new version means somebody changed it.
    undo_columns = ("version", "due_at", "assignee_id", "priority", *_CLOSED)
    undo_named_with = ("job", "person", "ticket", "document", "site")

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def undo_name(self) -> str:
        row: Any = self
        return " · ".join(filter(None, [row.subject, row.about_name]))

    @property
    def followed_by(self) -> str:
        """Return the origin of follow-ups planned together with its last completion."""
        row: Any = self
        return f"{row.uid.hex}:{row.version}"

    @classmethod
    def lock_following(cls, rows: Sequence[Any]) -> list[Any]:
        """Lock and return what was planned together with the completion of these rows, except what changed since."""
        completed = {row.pk: f"{row.uid.hex}:" for row in rows if row.status == FollowUpStatus.COMPLETED}
        if not completed:
            return []
        model: Any = cls
        after = model.objects.filter(after__in=completed, status__in=OPEN, version=1)
        following = [
            pk for pk, by, origin in after.values_list("pk", "after_id", "origin") if origin.startswith(completed[by])
        ]
        locked: list[Any] = model.lock_all(after.filter(pk__in=following))
        return locked

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Undo: cancel those the act created; restore what it altered of others."""
        created = [row for row in rows if recorded[row.pk].before is None]
        cls._cancel_created(created, by)
        before = {row.pk: values for row in rows if (values := recorded[row.pk].before) is not None}
        cls._restore([row for row in rows if row.pk in before], before, by)

    @classmethod
    def _cancel_created(cls, rows: list[Any], by: Member) -> None:
        cancel_all(rows, by=by)
        imported = [row for row in rows if row.origin.startswith(IMPORT_ORIGIN)]
        for row in imported:
            # So that the file may be imported again.
            row.origin = ""
        bulk_write.save_all(imported, ["origin"])

    @classmethod
    def _restore(cls, rows: list[Any], before: Mapping[int, Mapping[str, Any]], by: Member) -> None:
        cls._restore_status(rows, before, by)
        edit_all([(row, _edited_columns(before[row.pk])) for row in rows], by=by)
        times = [(row, before[row.pk]["due_at"]) for row in rows if "due_at" in before[row.pk]]
        set_due_times([(row, datetime.fromisoformat(at) if at else None) for row, at in times], by=by)
        assignees = [(row, before[row.pk]["assignee_id"]) for row in rows if "assignee_id" in before[row.pk]]
        model: Any = cls
        model.assign_all(assignees, by=by)
        model.prioritize_all([(row, before[row.pk]["priority"]) for row in rows if "priority" in before[row.pk]], by=by)
        started = [row for row in rows if before[row.pk].get("status") == FollowUpStatus.IN_PROGRESS]
        start_all(started, by=by)

    @classmethod
    def _restore_status(cls, rows: list[Any], before: Mapping[int, Mapping[str, Any]], by: Member) -> None:
        """Reopen what the act closed, close what it reopened, and plan again what it started."""
        altered = [(row, before[row.pk]["status"]) for row in rows if "status" in before[row.pk]]
        closed = [row for row, status in altered if status in OPEN and not row.is_open]
        reopened = [row for row, status in altered if status not in OPEN and row.is_open]
        started = [row for row, status in altered if status == FollowUpStatus.PENDING and row.is_open]
        reopen_all(closed, cls.lock_following(closed), by=by)
        close_again(reopened, [_closed_columns(before[row.pk]) for row in reopened], by=by)
        stop_all(started, by=by)


def _closed_columns(before: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: before[name] for name in _CLOSED if name in before}
    if columns.get("completed_at"):
        columns["completed_at"] = datetime.fromisoformat(columns["completed_at"])
    return columns


def _edited_columns(before: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: before[name] for name in EDITABLE if name in before}
    if columns.get("limit_at"):
        columns["limit_at"] = datetime.fromisoformat(columns["limit_at"])
    return columns
