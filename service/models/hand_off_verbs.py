"""Implementation of the verbs of HandOff: acceptance and undo."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import restore_columns
from service.models.hand_off_answer import HandOffState
from service.models.hand_off_checklist import checklist_of
from service.models.project import Project


def accept_hand_off(hand_off: Any, *, by: Member, starts_on: date | None, contact: Member | None) -> Project:
    """Accept it, start its project, and assign the job to `contact`. Idempotent. Raises Refused."""
    if hand_off.state == HandOffState.ACCEPTED:
        accepted: Project = hand_off.job.project
        return accepted
    hand_off.expect_unanswered()
    _expect_complete(hand_off)
    hand_off.state = HandOffState.ACCEPTED
    hand_off.answered_at = clock.now()
    hand_off.answered_by = by
    hand_off._save("state", "answered_at", "answered_by")
    hand_off.await_answer(False)
    owed = hand_off.items.filter(done_at=None).count()
    waited = int((clock.now() - hand_off.opened_at).total_seconds())
    hand_off._record("handoff.accepted", by, {"owed": owed, "waited": waited})
    project = Project.start(hand_off.job, hand_off.template, by=by, starts_on=starts_on)
    if contact:
        hand_off.job.assign_to(contact, by=by)
    return project


def _expect_complete(hand_off: Any) -> None:
    """Raise Refused if a promise is unanswered, or something is missing and no person is to provide it."""
    if hand_off.promises.filter(answer="").exists():
        raise Refused(gettext("Answer for each promise whether you can keep it."))
    unowed = [check.label for check in checklist_of(hand_off) if check.is_missing and not check.owed]
    if unowed:
        words = gettext("Enter who will provide this and by when: %(what)s")
        raise Refused(words % {"what": ", ".join(unowed)})


# So long an answer can be taken back.
UNDO_FOR = timedelta(minutes=15)


def undo_refusal(hand_off: Any, change: Change) -> str:
    """Return why an answer can't be undone; "" if it can."""
    if clock.now() - change.at > UNDO_FOR:
        return gettext("An answer can be undone for 15 minutes. Send it back, or change the project.")
    project = Project.objects.filter(job_id=hand_off.job_id).first()
    if project is not None and project.has_begun:
        return gettext("The work has already started.")
    return ""


def undo_answers(rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
    """Delete the projects of accepted hand-offs, return the jobs to their previous owners, and reopen them."""
    restore_columns(rows, recorded)
    for row in rows:
        project = Project.objects.filter(job_id=row.job_id).first()
        if change.kind == "handoff.accepted" and project is not None:
            project.withdraw(by=by)
            member_id = (recorded[row.pk].context or {}).get("member")
            row.job.assign_to(Member.objects.filter(pk=member_id).first(), by=by)
        row.await_answer(row.is_unanswered)
        row._record("handoff.undone", by, {"of": change.kind, "since": change.at.isoformat()})
