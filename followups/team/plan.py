"""The plan of the team page: moves of follow-ups that are shown before anything is saved. Its form holds all of it."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.bulk.spread import SpreadRefusal
from followups.models import FollowUp
from followups.workload.day_load import DayLoad, TeamMemberDays

# More are moved by the list's own bulk action.
MOST_MOVES = 300


class PlannedMove(NamedTuple):
    """A follow-up, the version the plan was made for, and the member and time it goes to."""

    follow_up: FollowUp
    version: int
    member: Member
    at: datetime

    @property
    def value(self) -> str:
        """The value of its checkbox, as `read_moves` reads it."""
        return f"{self.follow_up.pk} {self.version} {self.member.uid} {self.at.isoformat()}"

    @property
    def is_after_promise(self) -> bool:
        """True if it comes later than was promised to the customer."""
        return self.follow_up.limit_at is not None and self.at > self.follow_up.limit_at


@dataclass
class TeamPlan:
    """Moves, at most one of each follow-up, and those that a spread leaves where they are, with the reason."""

    moves: list[PlannedMove] = field(default_factory=list)
    left: list[tuple[FollowUp, SpreadRefusal]] = field(default_factory=list)
    # More follow-ups than a plan takes.
    beyond: int = 0

    def add(self, move: PlannedMove) -> None:
        """Add a move, in place of an earlier one of the same follow-up; one back to its place takes that away."""
        follow_up = move.follow_up
        self.moves = [one for one in self.moves if one.follow_up.pk != follow_up.pk]
        if (move.member.pk, move.at) != (follow_up.assignee_id, follow_up.sort_at):
            self.moves.append(move)

    def days_later(self, zone: ZoneInfo) -> float:
        """Return by how many days the moves are later, on average."""
        days = [
            (move.at.astimezone(zone).date() - move.follow_up.sort_at.astimezone(zone).date()).days
            for move in self.moves
        ]
        return sum(days) / max(len(days), 1)


def read_moves(values: Sequence[str], by: Member) -> list[PlannedMove]:
    """Return the moves of a form. What is malformed, closed or invisible to the member is left out. One query."""
    wanted = [move for value in values[:MOST_MOVES] if (move := _parse_move(value))]
    rows = FollowUp.objects.visible_to(by).open().in_bulk([pk for pk, _version, _uid, _at in wanted])
    members = {str(row.uid): row for row in directory().members.values() if row.active}
    return [
        PlannedMove(rows[pk], version, members[uid], at)
        for pk, version, uid, at in wanted
        if pk in rows and uid in members
    ]


def _parse_move(value: str) -> tuple[int, int, str, datetime] | None:
    try:
        pk, version, uid, moment = value.split(" ")
        at = datetime.fromisoformat(moment)
        number = int(pk)
        if at.tzinfo is None or not 0 < number < 2**63:
            return None
        return number, int(version), uid, at
    except ValueError:
        return None


def loads_after(
    loads: Iterable[TeamMemberDays], moves: Sequence[PlannedMove], zone: ZoneInfo
) -> Mapping[tuple[int, date], DayLoad]:
    """Return the loads as the moves leave them, by member and day."""
    after = {(own.member.pk, load.day): copy(load) for own in loads for load in own.days}
    for move in moves:
        minutes = move.follow_up.minutes
        before = (move.follow_up.assignee_id or 0, move.follow_up.sort_at.astimezone(zone).date())
        if before in after:
            after[before].movable -= minutes
        then = (move.member.pk, move.at.astimezone(zone).date())
        if then in after:
            after[then].movable += minutes
    return after
