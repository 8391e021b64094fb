"""Undo acts on appointments: cancel what was booked, give the old time back, open what was closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.models.appointments.obstacles import Wanted, obstacles
from crm.kernel.refusal import Refused
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import Undoable, Values

BOOKED = "appointment.booked"
RESCHEDULED = "appointment.rescheduled"
CONFIRMED = "appointment.confirmed"


class AppointmentUndo(Undoable):
    """An appointment's part in crm/platform/undo.py."""

    # A new version means somebody changed it.
    undo_columns = ("version", "state", "starts_at", "ends_at", "member_ids", "held_until")
    undo_named_with = ("type", "job")

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def undo_name(self) -> str:
        row: Any = self
        return f"{row.type.name}, {row.job.title}"

    def undo_refusal(self, before: Values, change: Change) -> str:
        """Refuse if the time it would have again was given to somebody else."""
        row: Any = self
        if change.kind in (BOOKED, CONFIRMED) or row.offered_starts_at:
            return ""
        at, until = (datetime.fromisoformat(before.get(name) or str(getattr(row, name))) for name in _TIMES)
        wanted = Wanted(row.type, at, until, row.travel_minutes, row.time_zone, row.pk)
        found = [one for one in obstacles(wanted, _members(before, row), by=change.member) if one.firm]
        if found:
            return " ".join([_("That time has been taken."), *(one.words for one in found)])
        return ""

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Cancel what was booked, take a confirmation or another time back, and open what was closed."""
        for row in rows:
            before = recorded[row.pk].before or {}
            if change.kind == BOOKED:
                row.cancel(_("Booked by mistake"), by=by)
            elif change.kind == CONFIRMED:
                row.unconfirm(by=by)
            elif change.kind == RESCHEDULED and row.offered_starts_at:
                row.release("member", by=by)
            elif change.kind == RESCHEDULED:
                at, until = (datetime.fromisoformat(before.get(name) or str(getattr(row, name))) for name in _TIMES)
                row.restore_time(at, until, _members(before, row), before.get("state") or row.state, by=by)
            else:
                row.reopen(by=by)


_TIMES = ("starts_at", "ends_at")


def _members(before: Values, row: Any) -> list[Member]:
    ids = before.get("member_ids") or row.member_ids
    members = list(Member.objects.filter(pk__in=ids).order_by("pk"))
    if not members:
        raise Refused(_("The person who was to come is no longer a member."))
    return members
