"""MoveChoice: a day and member to move a follow-up to, with the hours that they would have then."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from crm.platform.models import Member
from followups.workload.day_load import DayLoad, TeamMemberDays

# Other days of the same member, and other members on the same day.
MOST_DAYS = 2
MOST_MEMBERS = 2


class MoveChoice(NamedTuple):
    """A day of a member with room for a follow-up; `planned`: the minutes of that day with it."""

    member: Member
    day: date
    planned: int
    capacity: int

    @property
    def value(self) -> str:
        """The value of its button, as `read_move` reads it."""
        return f"{self.day} {self.member.uid}"


def read_move(value: str) -> tuple[str, str]:
    """Return the day and the member of a button's value, both as the form has them."""
    day, _blank, member = value.partition(" ")
    return day, member


def move_choices(
    loads: Sequence[TeamMemberDays], owner_id: int | None, own_day: str, minutes: int, *, first: date
) -> list[MoveChoice]:
    """Return where a follow-up fits: the owner's next days from `first`, then who has most room on its own day."""
    own = [load for load in loads if load.member.pk == owner_id]
    places = [choice for load in own for choice in _with_room(load, load.days, minutes)]
    days = [choice for choice in places if choice.day >= first and str(choice.day) != own_day]
    others = [load for load in loads if load.member.pk != owner_id]
    members = [
        choice
        for load in others
        for choice in _with_room(load, [one for one in load.days if str(one.day) == own_day], minutes)
    ]
    members.sort(key=lambda choice: choice.planned - choice.capacity)
    return [*days[:MOST_DAYS], *members[:MOST_MEMBERS]]


def _with_room(load: TeamMemberDays, days: Sequence[DayLoad], minutes: int) -> list[MoveChoice]:
    fitting = [one for one in days if one.planned + minutes <= one.capacity]
    return [MoveChoice(load.member, one.day, one.planned + minutes, one.capacity) for one in fitting]
