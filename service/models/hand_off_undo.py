"""Undoing service's answer to a hand-off."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from crm.kernel import clock
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import restore_columns
from service.models.project import Project

# So long an answer can be taken back.
UNDO_FOR = timedelta(minutes=15)


def undo_refusal(hand_off: Any, change: Change) -> str:
    """Return why an answer cannot be undone; "" where it can."""
    if clock.now() - change.at > UNDO_FOR:
        return gettext("An answer can be undone for 15 minutes. Send it back, or change the project.")
    project = Project.objects.filter(job_id=hand_off.job_id).first()
    if project is not None and project.has_begun:
        return gettext("The work has already started.")
    return ""


def undo_answers(rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
    """Delete the projects of accepted hand-offs, give the jobs back to who had them, and have them wait again."""
    restore_columns(rows, recorded)
    for row in rows:
        project = Project.objects.filter(job_id=row.job_id).first()
        if change.kind == "handoff.accepted" and project is not None:
            project.withdraw(by=by)
            member_id = (recorded[row.pk].context or {}).get("member")
            row.job.assign_to(Member.objects.filter(pk=member_id).first(), by=by)
        row.await_answer(row.is_unanswered)
        row._record("handoff.undone", by, {"of": change.kind, "since": change.at.isoformat()})
