"""Write the rows of an import: new follow-ups and changes of others, with a few statements and one undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.importing.verdicts import ImportVerdict
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change, Member
from followups.bulk_plan import save_new
from followups.importing.judge import JudgedRow
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.models.completion import cancel_all, complete_all, start_all, stop_all
from followups.models.due_time import mark_missed, set_due_times
from followups.models.edits import EDITABLE, edit_all

# The kind of the saved undo.
IMPORTED = "followup.imported"
# All that a row may change.
_COLUMNS = (*FollowUp.undo_columns, *EDITABLE)
_Edits = Sequence[tuple[FollowUp, Mapping[str, Any]]]


def write_rows(
    judged: Sequence[tuple[int, JudgedRow]], *, by: Member, change: Change | None
) -> tuple[list[tuple[int, JudgedRow]], Change | None]:
    """Write a batch of rows; one that somebody changed meanwhile is refused. Returns the results and the undo."""
    _lock_jobs([row for _number, row in judged])
    locked = _lock_rows([row for _number, row in judged], by)
    results = [(number, _refuse_changed(row, locked)) for number, row in judged]
    edits = [
        (locked[row.follow_up.pk], row.values)
        for _number, row in results
        if row.verdict == ImportVerdict.UPDATE and row.follow_up
    ]
    acted = [row for row, _values in edits]
    with undo.record_undoable(IMPORTED, acted, by=by, locked=True, change=change, columns=_COLUMNS) as recorded:
        _change_rows(edits, by)
    new = [row for _number, row in results if row.verdict == ImportVerdict.NEW]
    if new:
        at = recorded.at or clock.now()
        undo.record_created(IMPORTED, _plan_new(new, by, at), by=by, at=at, change=recorded)
    return results, recorded if recorded.pk else None


def _lock_jobs(rows: Sequence[JudgedRow]) -> None:
    """Lock the jobs of all rows, the new ones and the others, in one order."""
    ids = {row.job.pk for row in rows if row.job}
    ids |= {row.follow_up.job_id for row in rows if row.follow_up and row.follow_up.job_id}
    list(Job.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _lock_rows(rows: Sequence[JudgedRow], by: Member) -> dict[int, FollowUp]:
    ids = [row.follow_up.pk for row in rows if row.verdict == ImportVerdict.UPDATE and row.follow_up]
    if not ids:
        return {}
    return {row.pk: row for row in FollowUp.lock_all(FollowUp.objects.visible_to(by).filter(pk__in=ids))}


def _refuse_changed(judged: JudgedRow, locked: Mapping[int, FollowUp]) -> JudgedRow:
    if judged.verdict != ImportVerdict.UPDATE or judged.follow_up is None:
        return judged
    row = locked.get(judged.follow_up.pk)
    if row and row.version == judged.follow_up.version:
        return judged
    reason = _("Somebody changed it in the meantime. Import this row again.")
    return replace(judged, verdict=ImportVerdict.REFUSED, reason=reason)


def _change_rows(edits: _Edits, by: Member) -> None:
    edit_all(edits, by=by)
    times = [(row, values["due_at"]) for row, values in edits if "due_at" in values]
    mark_missed([row for row, _due_at in times])
    set_due_times(times, by=by)
    FollowUp.assign_all([(row, values["assignee_id"]) for row, values in edits if "assignee_id" in values], by=by)
    FollowUp.prioritize_all([(row, values["priority"]) for row, values in edits if "priority" in values], by=by)
    _change_statuses([(row, values) for row, values in edits if "status" in values], by)


def _change_statuses(edits: _Edits, by: Member) -> None:
    rows = {status: [row for row, values in edits if values["status"] == status] for status in FollowUpStatus}
    start_all(rows[FollowUpStatus.IN_PROGRESS], by=by)
    # A new time has planned it again already.
    stop_all([row for row in rows[FollowUpStatus.PENDING] if row.status != FollowUpStatus.PENDING], by=by)
    cancel_all(rows[FollowUpStatus.CANCELLED], by=by)
    for outcome in FollowUpOutcome:
        complete_all([row for row, values in edits if values.get("outcome") == outcome], outcome, by=by)


def _plan_new(rows: Sequence[JudgedRow], by: Member, at: datetime) -> list[FollowUp]:
    names = ("kind", "subject", "due_at", "person_id", "notes", "priority", "assignee_id", "limit_at", "origin")
    built = [
        FollowUp.build(job=row.job, created_at=at, created_by=by, **{name: row.values[name] for name in names})
        for row in rows
    ]
    save_new(built, by=by)
    states = zip(built, rows, strict=True)
    start_all([new for new, row in states if row.values.get("status") == FollowUpStatus.IN_PROGRESS], by=by)
    FollowUp.update_jobs(built, by=by)
    return built
