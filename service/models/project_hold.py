"""Putting a project on hold, and taking it off. The caller has locked it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member

_COLUMNS = ("hold_reason", "hold_until", "held_at")


def hold_project(project: Any, reason: str, until: date | None, *, by: Member | None, cause: str) -> None:
    """Put it on hold for a reason. Idempotent. Raises Refused without a reason."""
    reason = " ".join(reason.split())[:120]
    if not reason:
        raise Refused(gettext("Enter why it is on hold."))
    if (project.hold_reason, project.hold_until) == (reason, until) and project.is_held:
        return
    project.hold_reason = reason
    project.hold_until = until
    project.held_at = project.held_at or clock.now()
    project._save(*_COLUMNS)
    data = {"until": until.isoformat() if until else None, "reason": reason}
    if cause:
        data["cause"] = cause
    project._record("project.held", by, data)


def resume_project(project: Any, *, by: Member | None) -> None:
    """Take it off hold. Idempotent."""
    if project.is_held:
        project._save(*clear_hold(project))
        project._record("project.resumed", by, {})


def clear_hold(project: Any) -> tuple[str, ...]:
    """Clear the columns of the hold, unsaved, and return them."""
    project.hold_reason = ""
    project.hold_until = None
    project.held_at = None
    return _COLUMNS
