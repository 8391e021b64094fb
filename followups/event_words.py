"""What the timeline of a lead says of its follow-ups."""

from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.timeline.event_words import register
from crm.platform.organization.configuration import directory
from followups.kinds import kinds
from followups.models import Outcome


def _kind(data: dict[str, Any]) -> str:
    return kinds().of(data.get("kind", "")).label


def _planned(data: dict[str, Any]) -> str:
    return _("planned a follow-up: %(kind)s") % {"kind": _kind(data)}


def _completed(data: dict[str, Any]) -> str:
    outcome = Outcome(data["outcome"]).label if data.get("outcome") in Outcome.values else ""
    return _("did a follow-up: %(kind)s · %(outcome)s") % {"kind": _kind(data), "outcome": outcome}


def _assigned(data: dict[str, Any]) -> str:
    member = directory().members.get(data.get("to") or 0)
    if member is None:
        return _("gave a follow-up back to nobody")
    return _("gave a follow-up to %(name)s") % {"name": member.name}


register("followup.planned", "calendar-clock", "", _planned)
register("followup.started", "play", "", lambda data: _("began a follow-up"))
register("followup.completed", "check", "", _completed)
register("followup.cancelled", "x", "", lambda data: _("cancelled a follow-up: %(kind)s") % {"kind": _kind(data)})
register(
    "followup.reopened", "undo-2", "", lambda data: _("took a follow-up up again: %(kind)s") % {"kind": _kind(data)}
)
register("followup.rescheduled", "calendar-clock", "", lambda data: _("moved a follow-up to another time"))
register("followup.assigned", "user-plus", "", _assigned)
register("followup.noted", "sticky-note", "", lambda data: _("wrote on a follow-up"))
register(
    "followup.missed", "clock-alert", "auto", lambda data: _("A follow-up was missed: %(kind)s") % {"kind": _kind(data)}
)
