"""Workload: the hours of follow-ups and appointments of each member and day, against the hours the member works."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count

from crm.jobs.appointments.availability import taken_by
from crm.jobs.appointments.slots import Stretch
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.bulk.work_days import hours_of, open_stretches
from followups.models import FollowUp
from followups.models.kind_setup import minutes_of

# Working days that are shown, and from what share a day is nearly full.
DAYS = 6
NEARLY_FULL = 85
# The farthest that working days are looked for.
LONGEST = timedelta(days=21)
_MINUTE = timedelta(minutes=1)


@dataclass
class DayLoad:
    """One member's day, in minutes: hours they work, appointments, and follow-ups that can be moved."""

    day: date
    capacity: int = 0
    fixed: int = 0
    movable: int = 0
    follow_ups: list[FollowUp] = field(default_factory=list)

    @property
    def planned(self) -> int:
        return self.fixed + self.movable

    @property
    def percent(self) -> int:
        """The planned share of the working hours; over 100 where it is too much."""
        if self.capacity:
            return round(100 * self.planned / self.capacity)
        return 100 * bool(self.planned)

    @property
    def is_off(self) -> bool:
        return not self.capacity

    @property
    def is_full(self) -> bool:
        """True on a working day without time left."""
        return not self.is_off and self.planned >= self.capacity

    @property
    def is_over(self) -> bool:
        return self.planned > self.capacity

    @property
    def is_nearly_full(self) -> bool:
        return not self.is_over and not self.is_off and self.percent >= NEARLY_FULL


@dataclass
class TeamMemberDays:
    """The days of one member."""

    member: Member
    days: list[DayLoad]

    @property
    def planned(self) -> int:
        return sum(one.planned for one in self.days)

    @property
    def capacity(self) -> int:
        return sum(one.capacity for one in self.days)

    @property
    def count(self) -> int:
        return sum(len(one.follow_ups) for one in self.days)


def working_days(first: date, count: int = DAYS) -> list[date]:
    """Return the next working days of the organization from a day; every day where it has none."""
    zone = hours_of(None).zone
    start = datetime.combine(first, time(), zone)
    days = sorted(day for day in open_stretches(None, start, start + LONGEST) if day >= first)
    if len(days) < count:
        return [first + timedelta(days=nth) for nth in range(count)]
    return days[:count]


def unowned_load(rows: Any) -> tuple[int, int]:
    """Return how many open follow-ups have no owner, and their minutes. One query."""
    counts = rows.open().filter(assignee=None).order_by().values_list("kind", "own_minutes").annotate(count=Count("pk"))
    loads = [(count, count * minutes_of(kind, own_minutes)) for kind, own_minutes, count in counts]
    return sum(count for count, _minutes in loads), sum(minutes for _count, minutes in loads)


def team_loads(
    days: Sequence[date], zone: ZoneInfo, rows: Any, *, among: Collection[Member] | None = None
) -> list[TeamMemberDays]:
    """Return the hours planned of each member and day, against those they work. Three queries.

    `zone`: the reader's, by which the days begin and end, as in the lists behind the numbers. `rows`: the follow-ups
    that the reader sees. `among`: only these members; by default all. Who does not work on follow-ups is left out.
    """
    candidates = among
    if candidates is None:
        candidates = directory().members.values()
    members = [one for one in candidates if one.active and allows(one, "followups.work")]
    first, last = _bounds(days[0], zone)[0], _bounds(days[-1], zone)[1]
    taken = taken_by([one.pk for one in members], first, last)
    loads = []
    for member in sorted(members, key=lambda one: one.name.casefold()):
        stretches = [one for own in open_stretches(member.pk, first, last).values() for one in own]
        own_days = [measure_day(day, zone, stretches, taken.get(member.pk, [])) for day in days]
        loads.append(TeamMemberDays(member, own_days))
    _add_follow_ups(loads, rows.filter(sort_at__gte=first, sort_at__lt=last), zone)
    return loads


def measure_day(day: date, zone: ZoneInfo, stretches: Sequence[Stretch], bookings: Sequence[Stretch]) -> DayLoad:
    """Return the load of a member's day, given their working hours and bookings, without follow-ups."""
    begins, ends = _bounds(day, zone)
    return DayLoad(day, _minutes_within(stretches, begins, ends), _minutes_within(bookings, begins, ends))


def _add_follow_ups(loads: Sequence[TeamMemberDays], rows: Any, zone: ZoneInfo) -> None:
    by_owner = {load.member.pk: {one.day: one for one in load.days} for load in loads}
    for follow_up in rows.open().filter(assignee_id__in=list(by_owner)).order_by("sort_at", "pk"):
        own_day = by_owner[follow_up.assignee_id].get(follow_up.sort_at.astimezone(zone).date())
        if own_day:
            own_day.follow_ups.append(follow_up)
            own_day.movable += follow_up.minutes


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _minutes_within(stretches: Sequence[Stretch], begins: datetime, ends: datetime) -> int:
    parts = ((max(start, begins), min(end, ends)) for start, end in stretches)
    return sum((end - start) // _MINUTE for start, end in parts if end > start)
