"""Booked hours against available hours, by member and by crew, for the coming weeks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from crm.jobs.appointments.availability import open_hours, taken_by
from crm.jobs.appointments.slots import Stretch
from crm.jobs.models.appointments.obstacles import WORK
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from service.models import Project

# The present week and those after it.
WEEKS = 4


@dataclass(frozen=True)
class WeekLoad:
    """Booked and available seconds in one week."""

    booked: int
    available: int
    # Days of the week on which a crew has a project.
    project_days: int = 0

    @property
    def percent(self) -> int:
        """Booked share of the week in percent; over 100 if overbooked."""
        if self.available:
            return 100 * self.booked // self.available
        return 100 * bool(self.booked)

    @property
    def share(self) -> int:
        """The same, limited to the length of a bar."""
        return min(100, self.percent)

    @property
    def css(self) -> str:
        """The CSS class of a week that is full or overbooked."""
        if self.percent > 100:
            return "crit"
        if self.percent >= 85:
            return "soon"
        return ""


@dataclass(frozen=True)
class PersonCapacity:
    """The weeks of a member."""

    member: Member
    weeks: list[WeekLoad]


@dataclass(frozen=True)
class CrewCapacity:
    """The weeks of a team: its members' hours, and its days with projects."""

    name: str
    pk: int
    weeks: list[WeekLoad]


def weeks_from(today: date, count: int = WEEKS) -> list[date]:
    """Return the Mondays of this week and the following ones."""
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(weeks=at) for at in range(count)]


def overlap(stretches: Iterable[Stretch], first: datetime, last: datetime) -> int:
    """Sum the seconds of time spans that lie between two instants."""
    parts = ((max(start, first), min(end, last)) for start, end in stretches)
    return sum(int((end - start).total_seconds()) for start, end in parts if end > start)


def people(mondays: Sequence[date], zone: ZoneInfo) -> list[PersonCapacity]:
    """Return all members who attend appointments, with their weeks. One statement."""
    members = [one for one in directory().members.values() if one.active and allows(one, WORK)]
    bounds = [_midnight_utc(monday, zone) for monday in (*mondays, mondays[-1] + timedelta(weeks=1))]
    taken = taken_by([one.pk for one in members], bounds[0], bounds[-1])
    rows = []
    for member in members:
        hours = open_hours(member.pk, bounds[0], bounds[-1])
        loads = [
            WeekLoad(overlap(taken.get(member.pk, ()), first, last), overlap(hours, first, last))
            for first, last in pairwise(bounds)
        ]
        rows.append(PersonCapacity(member, loads))
    return sorted(rows, key=lambda one: (-one.weeks[0].percent, one.member.name.casefold()))


def crews(everybody: Sequence[PersonCapacity], mondays: Sequence[date]) -> list[CrewCapacity]:
    """Return the active teams with the sum of their members' hours, and their days with projects. One statement."""
    organization = directory()
    loads = {one.member.pk: one.weeks for one in everybody}
    last = mondays[-1] + timedelta(days=6)
    planned = Project.objects.in_work().filter(starts_on__lte=last, ends_on__gte=mondays[0], team__isnull=False)
    days = project_days(planned.values_list("team_id", "starts_on", "ends_on"), mondays)
    rows = []
    for pk, team in organization.teams.items():
        inside = [loads[member.pk] for member in organization.members_of(team) if member.pk in loads]
        if team.archived_at is None and (inside or pk in days):
            rows.append(CrewCapacity(team.name, pk, _sum_loads(inside, days.get(pk, [0] * len(mondays)))))
    return rows


def _sum_loads(inside: Sequence[Sequence[WeekLoad]], days: Sequence[int]) -> list[WeekLoad]:
    return [
        WeekLoad(sum(one[at].booked for one in inside), sum(one[at].available for one in inside), count)
        for at, count in enumerate(days)
    ]


def project_days(rows: Iterable[tuple[int, date, date]], mondays: Sequence[date]) -> Mapping[int, list[int]]:
    """Count the days of each week on which a team has at least one project, by team."""
    there: dict[int, set[date]] = defaultdict(set)
    for team_id, first, last in rows:
        start = max(first, mondays[0])
        end = min(last, mondays[-1] + timedelta(days=6))
        there[team_id] |= {start + timedelta(days=at) for at in range((end - start).days + 1)}
    return {
        team_id: [sum(monday <= day < monday + timedelta(weeks=1) for day in days) for monday in mondays]
        for team_id, days in there.items()
    }


def _midnight_utc(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
