"""Availability of members: working hours without absences and bookings, and the remaining free times."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.integrations.models import BusyTime
from crm.jobs.appointments.slots import Stretch, free_starts, without
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.obstacles import WORK, busy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# So far ahead free times are looked for; and the earliest is so far from now.
HORIZON = timedelta(days=21)
NOTICE = timedelta(hours=1)


class FreeTime(NamedTuple):
    """A free time of a member."""

    starts_at: datetime
    member: Member


def eligible(type_: AppointmentType) -> list[Member]:
    """Return the members who may attend an appointment of this type: in its team, with its skill."""
    organization = directory()
    skills = assignment_setup().skills_of
    people = [member for member in organization.members.values() if member.active and allows(member, WORK)]
    if type_.team_id and type_.team_id in organization.teams:
        team = {member.pk for member in organization.members_of(organization.teams[type_.team_id])}
        people = [member for member in people if member.pk in team]
    if type_.skill_id:
        people = [member for member in people if type_.skill_id in skills.get(member.pk, frozenset())]
    return people


def taken_by(
    member_ids: Iterable[int], first: datetime, last: datetime, *, besides: int | None = None
) -> dict[int, list[Stretch]]:
    """Return when each member is booked, or busy in a private calendar. Two queries."""
    member_ids = list(member_ids)
    taken: dict[int, list[Stretch]] = defaultdict(list)
    for one in busy(member_ids, first, last, besides=besides):
        taken[one.member_id].append((one.busy_from, one.busy_until))
    private = BusyTime.objects.between(first, last).filter(member_id__in=member_ids)
    for member_id, starts_at, ends_at in private.values_list("member_id", "starts_at", "ends_at"):
        taken[member_id].append((starts_at, ends_at))
    return taken


def open_hours(member_id: int, first: datetime, last: datetime) -> list[Stretch]:
    """Return a member's working hours within an interval, without absences."""
    setup = assignment_setup()
    hours = setup.hours_of(member_id)
    open_: list[Stretch]
    if hours:
        open_ = [(one.start, one.end) for one in hours.intervals(first, last)]
    else:
        open_ = [(first, last)]
    return without(open_, [(one.starts_at, one.ends_at) for one in setup.absences.get(member_id, ())])


def offers(
    type_: AppointmentType,
    members: Sequence[Member],
    zone: ZoneInfo,
    *,
    minutes: int = 0,
    after: datetime | None = None,
    until: datetime | None = None,
    besides: int | None = None,
    taken: Mapping[int, Sequence[Stretch]] | None = None,
) -> Iterator[FreeTime]:
    """Yield free times of members for a type, earliest first; at equal times, in the order of the given members.

    Two queries, or none with `taken`, what `taken_by` read for many types at once.
    """
    first = max(after or clock.now(), clock.now() + NOTICE)
    last = until or first + HORIZON
    length = timedelta(minutes=minutes or type_.minutes)
    travel = timedelta(minutes=type_.travel_minutes)
    if taken is None:
        taken = taken_by([member.pk for member in members], first, last + travel, besides=besides)
    free_times = [
        FreeTime(at, member)
        for member in members
        for at in free_starts(open_hours(member.pk, first, last), taken.get(member.pk, ()), length, travel, zone)
    ]
    # Sorting keeps the order of members at one instant.
    yield from sorted(free_times, key=lambda offer: offer.starts_at)


def next_free(
    type_: AppointmentType,
    members: Sequence[Member],
    zone: ZoneInfo,
    *,
    count: int = 3,
    minutes: int = 0,
    after: datetime | None = None,
    besides: int | None = None,
    besides_time: Stretch | None = None,
    taken: Mapping[int, Sequence[Stretch]] | None = None,
) -> list[FreeTime]:
    """Return the next distinct free times, at most one per part of the day, so that the choice is spread out.

    `besides`: an appointment that is to move, and stands in nobody's way; `besides_time`: its own time, of which no
    part is one to move to.
    """
    times: list[FreeTime] = []
    parts: set[tuple[int, bool]] = set()
    length = timedelta(minutes=minutes or type_.minutes)
    for offer in offers(type_, members, zone, minutes=minutes, after=after, besides=besides, taken=taken):
        if besides_time and offer.starts_at < besides_time[1] and offer.starts_at + length > besides_time[0]:
            continue
        local = offer.starts_at.astimezone(zone)
        part = (local.toordinal(), local.hour >= 12)
        if part not in parts:
            parts.add(part)
            times.append(offer)
        if len(times) == count:
            break
    return times
