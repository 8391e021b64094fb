"""SeenState: a follow-up as a device showed it, to compare with what it is when a change arrives."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.offline.models import OfflineAct


@dataclass(frozen=True)
class SeenState:
    """The version, time and assignee of a follow-up at an instant, as text, as a form and a column hold them."""

    version: str = ""
    due: str = ""
    who: str = ""
    as_of: str = ""

    @classmethod
    def of(cls, follow_up: FollowUp) -> "SeenState":
        """Return what a device is shown of it now."""
        due = ""
        if follow_up.due_at:
            due = follow_up.due_at.isoformat()
        return cls(follow_up.form_version, due, _uid_of(follow_up.assignee_id), clock.now().isoformat())

    @classmethod
    def parse(cls, posted: QueryDict) -> "SeenState":
        """Read the one that a device sends with a change."""
        return cls(*(posted.get(name, "")[:40] for name in ("version", "due", "who", "as_of")))

    @property
    def due_at(self) -> datetime | None:
        return parse_instant(self.due)

    @property
    def seen_at(self) -> datetime | None:
        return parse_instant(self.as_of)

    @property
    def assignee(self) -> Member | None:
        return next((row for row in directory().members.values() if str(row.uid) == self.who), None)

    def data(self) -> dict[str, Any]:
        return asdict(self)


def latest_seen(act: OfflineAct, sent: SeenState) -> SeenState:
    """Return the state that a change is based on: as sent, or as the member's last change from a device left it.

    Two changes made one after the other carry the same version, and the second doesn't conflict with the first.
    """
    own = OfflineAct.objects.filter(follow_up_id=act.follow_up_id, member_id=act.member_id).exclude(pk=act.pk)
    last = own.exclude(result={}).order_by("-pk").first()
    if last is None:
        return sent
    result = SeenState(**last.result)
    if (read_number(result.version) or 0) > (read_number(sent.version) or 0):
        return result
    return sent


def parse_instant(text: str) -> datetime | None:
    """Parse an instant with its zone; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return at


def _uid_of(member_id: int | None) -> str:
    member = directory().members.get(member_id or 0)
    return str(member.uid) if member else ""
