"""Edit what follow-ups say: their type, subject, notes, length, video link and promised time."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.platform.models import Member
from followups.models.follow_up_row import FollowUpRow
from followups.models.reminder_plan import plan_reminders

EDITABLE = ("kind", "subject", "notes", "limit_at", "own_minutes", "meeting")


def edit_all(edits: Sequence[tuple[FollowUpRow, Mapping[str, Any]]], *, by: Member | None) -> None:
    """Give locked follow-ups other values of these columns; the next step of their jobs is updated."""
    changes = []
    for row, values in edits:
        names = [name for name in EDITABLE if name in values and getattr(row, name) != values[name]]
        for name in names:
            setattr(row, name, values[name])
        if names:
            changes.append((row, {"columns": names}))
    if not changes:
        return
    FollowUpRow.save_changes("followup.edited", changes, *EDITABLE, by=by)
    rows = [row for row, _data in changes]
    # The default reminders are those of the type.
    plan_reminders([row for row, data in changes if "kind" in data["columns"] and row.is_open])
    rows[0].update_jobs(rows, by=by)
