"""Accepting a hand-off: what has to be answered first, and what is set up. The caller has locked it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
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
