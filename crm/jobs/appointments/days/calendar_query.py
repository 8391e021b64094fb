"""Parse the calendar's query string: which days, which members and teams, and which types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments.obstacles import WORK
from crm.kernel.days import EARLIEST_COUNTED, next_month, read_day
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.models import Team
from crm.platform.organization.configuration import directory

VIEWS = ("day", "week", "month")
# In an address: everybody; and whoever has something, which is what a calendar shows that nobody has set.
EVERYBODY = "all"
BUSY = "busy"
# In an address of the choice itself: it is remembered. A link from elsewhere changes nothing for the next time.
KEEP = "keep"
# So many are named in an address, and remembered.
MOST_CHOSEN = 60


def team_key(team: Team) -> str:
    """Return the key of a team in the query string."""
    return f"team-{team.pk}"


@dataclass(frozen=True)
class CalendarQuery:
    """Parsed query string. `day` is the one shown, or lies in the week or month shown; `who`: uids of members and keys
    of teams, empty for all who have entries; `focus`: the one of them whose day a phone shows.
    """

    view: str
    day: date
    who: tuple[str, ...] = ()
    type_id: int | None = None
    brand_id: int | None = None
    focus: str = ""

    @classmethod
    def of(cls, given: QueryDict, today: date, remembered: tuple[str, ...] = ()) -> "CalendarQuery":
        """Parse a query string; invalid values are ignored. `remembered`: the selection to use if it contains none."""
        view = given.get("view", "")
        return cls(
            view if view in VIEWS else "day",
            read_day(given.get("day", ""), earliest=EARLIEST_COUNTED) or today,
            chosen_keys(given) if names_somebody(given) else remembered,
            _key_among(given.get("type", ""), appointment_types()),
            _key_among(given.get("brand", ""), directory().brands),
            given.get("focus", "")[:40],
        )

    def query(self, **other: Any) -> str:
        """Return the query string of the same calendar with the given values replaced."""
        parameters: dict[str, Any] = {
            "view": self.view,
            "day": self.day.isoformat(),
            "who": self.who,
            "type": self.type_id,
        }
        parameters |= {"brand": self.brand_id, "focus": self.focus} | other
        return urlencode({name: value for name, value in parameters.items() if value}, doseq=True)

    @property
    def is_filtered(self) -> bool:
        return bool(self.type_id or self.brand_id)

    @property
    def member_ids(self) -> set[int] | None:
        """Ids of the selected members; None without a selection."""
        if not self.who:
            return None
        members = directory().members.values()
        if EVERYBODY in self.who:
            return {one.pk for one in members if one.active and allows(one, WORK)}
        return {one.pk for one in members if str(one.uid) in self.who}

    @property
    def team_ids(self) -> set[int] | None:
        """Ids of the selected teams; None for all teams that have work."""
        if not self.who or EVERYBODY in self.who:
            return None
        return {team.pk for team in directory().teams.values() if team_key(team) in self.who}

    def days(self) -> list[date]:
        """Return the days shown."""
        if self.view == "day":
            return [self.day]
        monday = self.day - timedelta(days=self.day.weekday())
        if self.view == "week":
            return [monday + timedelta(days=at) for at in range(7)]
        first = self.day.replace(day=1)
        start = first - timedelta(days=first.weekday())
        last = next_month(first) - timedelta(days=1)
        weeks = ((last - start).days // 7) + 1
        return [start + timedelta(days=at) for at in range(weeks * 7)]

    def step(self, by: int) -> date:
        """Return a day of the previous or next period."""
        if self.view == "month":
            first = self.day.replace(day=1)
            if by < 0:
                return (first - timedelta(days=1)).replace(day=1)
            return next_month(first)
        return self.day + timedelta(days=by * (7 if self.view == "week" else 1))


def names_somebody(given: QueryDict) -> bool:
    """Return True if the query string selects members or teams."""
    return any(given.get(name) for name in ("who", "member", "team"))


def chosen_keys(given: QueryDict) -> tuple[str, ...]:
    """Return the known member and team keys in a query. A link may name a `member`, or a `team` with its members."""
    organization = directory()
    teams = {team_key(team): team for team in organization.teams.values()}
    known_keys = {str(one.uid) for one in organization.members.values()} | set(teams) | {EVERYBODY}
    wanted = [*given.getlist("who")[:MOST_CHOSEN], given.get("member", "")]
    if team := teams.get(f"team-{given.get('team', '')}"):
        wanted += [team_key(team), *(str(one.uid) for one in organization.members_of(team))]
    if EVERYBODY in wanted:
        return (EVERYBODY,)
    return tuple(dict.fromkeys(key for key in wanted if key in known_keys))


def _key_among(text: str, rows: Mapping[int, Any]) -> int | None:
    number = read_number(text)
    if number in rows:
        return number
    return None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the start of a local day in UTC, so that added hours are elapsed hours across clock changes."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
