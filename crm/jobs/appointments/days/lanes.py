"""Calendar lanes of teams with work over whole days. The app that plans this work registers them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, Team


@dataclass(frozen=True)
class LaneBar:
    """Work of a team over days. `record`: the record it links to; None if the reader may not see it.

    `parts`: what is planned for a day; `numbers`: which of its `days` of work a day is, of those within the period.
    """

    first: date
    last: date
    title: str
    place: str = ""
    parts: dict[date, str] = field(default_factory=dict)
    numbers: dict[date, int] = field(default_factory=dict)
    days: int = 0
    record: Any = None
    on_hold: str = ""
    is_finished: bool = False

    def is_on(self, day: date) -> bool:
        """Return True if the work is planned for a day."""
        return day in self.numbers


@dataclass(frozen=True)
class LaneSource(Feature):
    """Work that teams are planned for. `read`: the bars of teams within days, by team, as a member may see them;
    of all teams without `team_ids`. `teams`: those that are planned for work at all.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    read: Callable[[date, date, Member, Collection[int] | None], dict[int, list[LaneBar]]]
    teams: Callable[[Member], list[Team]]


def bars_between(
    first: date, last: date, member: Member, team_ids: Collection[int] | None = None
) -> dict[int, list[LaneBar]]:
    """Return the bars of teams within days, by team."""
    bars: dict[int, list[LaneBar]] = {}
    if team_ids is not None and not team_ids:
        return bars
    for source in features.of(LaneSource):
        for team_id, those in source.read(first, last, member, team_ids).items():
            bars.setdefault(team_id, []).extend(those)
    return bars


def lane_teams(member: Member) -> list[Team]:
    """Return the teams that are planned for work, by name."""
    teams = {team.pk: team for source in features.of(LaneSource) for team in source.teams(member)}
    return sorted(teams.values(), key=lambda team: team.name.casefold())
