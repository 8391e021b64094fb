"""When members can come: their hours without absences and what is booked; what is in the way of a time; free times."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.jobs.appointments.local_time import clock_time
from crm.jobs.appointments.slots import Stretch, free_starts, without
from crm.jobs.assignment.setup import assignment_setup
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.attendance import Attendance
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

WORK = "appointments.work"
# So far ahead free times are looked for; and the earliest is so far from now.
HORIZON, NOTICE = timedelta(days=21), timedelta(hours=1)


class Wanted(NamedTuple):
    """A time that is asked for, and the appointment it is for, which is not in its own way."""

    type: AppointmentType
    starts_at: datetime
    ends_at: datetime
    travel_minutes: int
    time_zone: str
    appointment_id: int | None = None

    @property
    def busy_until(self) -> datetime:
        return self.ends_at + timedelta(minutes=self.travel_minutes)


class Obstacle(NamedTuple):
    """What is in the way of a time, for a person to read; `firm`: nobody can insist."""

    words: str
    firm: bool


class InTheWay(Refused):
    """A time that does not go, or not without insisting."""

    def __init__(self, found: Sequence[Obstacle]) -> None:
        super().__init__(" ".join(one.words for one in found))
        self.may_insist = not any(one.firm for one in found)


class Offer(NamedTuple):
    """A free time of a member."""

    starts_at: datetime
    member: Member


def eligible(type_: AppointmentType) -> list[Member]:
    """Return who may come to a type: of its team, with its skill."""
    here, skills = directory(), assignment_setup().skills_of
    people = [member for member in here.members.values() if member.active and allows(member, WORK)]
    if type_.team_id and type_.team_id in here.teams:
        team = {member.pk for member in here.members_of(here.teams[type_.team_id])}
        people = [member for member in people if member.pk in team]
    if type_.skill_id:
        people = [member for member in people if type_.skill_id in skills.get(member.pk, frozenset())]
    return people


def busy(member_ids: Iterable[int], first: datetime, last: datetime, *, besides: int | None = None) -> list[Attendance]:
    """Return what members are booked for in a stretch of time; `besides`: an appointment that does not count."""
    rows = Attendance.objects.filter(
        member_id__in=list(member_ids), is_live=True, busy_from__lt=last, busy_until__gt=first
    )
    return list(rows.exclude(appointment_id=besides).select_related("appointment__job").order_by("busy_from", "pk"))


def taken_by(
    member_ids: Iterable[int], first: datetime, last: datetime, *, besides: int | None = None
) -> dict[int, list[Stretch]]:
    """Return the stretches each member is booked for. One query."""
    taken: dict[int, list[Stretch]] = defaultdict(list)
    for one in busy(member_ids, first, last, besides=besides):
        taken[one.member_id].append((one.busy_from, one.busy_until))
    return taken


def open_hours(member_id: int, first: datetime, last: datetime) -> list[Stretch]:
    """Return when a member works in a stretch of time, without absences."""
    setup = assignment_setup()
    hours = setup.hours_of(member_id)
    open_: list[Stretch] = [(one.start, one.end) for one in hours.intervals(first, last)] if hours else [(first, last)]
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
) -> Iterator[Offer]:
    """Yield free times of members for a type, the earliest first; of two at one time who is named first.

    One query, or none with `taken`, what `taken_by` read for many types at once.
    """
    first = max(after or clock.now(), clock.now() + NOTICE)
    last = until or first + HORIZON
    length, travel = timedelta(minutes=minutes or type_.minutes), timedelta(minutes=type_.travel_minutes)
    if taken is None:
        taken = taken_by([member.pk for member in members], first, last + travel, besides=besides)
    found = [
        Offer(at, member)
        for member in members
        for at in free_starts(open_hours(member.pk, first, last), taken.get(member.pk, ()), length, travel, zone)
    ]
    # Sorting keeps the order of members at one instant.
    yield from sorted(found, key=lambda offer: offer.starts_at)


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
) -> list[Offer]:
    """Return the next free times, each once, of one part of a day at most one: three in a row are no choice.

    `besides`: an appointment that is to move, and stands in nobody's way; `besides_time`: its own time, of which no
    part is one to move to.
    """
    found: list[Offer] = []
    parts: set[tuple[int, bool]] = set()
    length = timedelta(minutes=minutes or type_.minutes)
    for offer in offers(type_, members, zone, minutes=minutes, after=after, besides=besides, taken=taken):
        if besides_time and offer.starts_at < besides_time[1] and offer.starts_at + length > besides_time[0]:
            continue
        local = offer.starts_at.astimezone(zone)
        part = (local.toordinal(), local.hour >= 12)
        if part not in parts:
            parts.add(part)
            found.append(offer)
        if len(found) == count:
            break
    return found


def obstacles(wanted: Wanted, members: Sequence[Member], *, by: Member | None) -> list[Obstacle]:
    """Return what is in the way of a time: booked, away, past; and what somebody may insist on: hours, the skill."""
    found = [*_booked(wanted, members, by), *(one for member in members for one in _away(wanted, member))]
    skill = assignment_setup().skills.get(wanted.type.skill_id or 0)
    has = [member for member in members if skill and skill.pk in assignment_setup().skills_of.get(member.pk, ())]
    if skill and members and not has:
        found.append(Obstacle(_("None of them has the skill “%(skill)s”.") % {"skill": skill.name}, firm=False))
    return found


def _booked(wanted: Wanted, members: Sequence[Member], by: Member | None) -> Iterator[Obstacle]:
    names = {member.pk: member.name for member in members}
    for one in busy(names, wanted.starts_at, wanted.busy_until, besides=wanted.appointment_id):
        appointment = one.appointment
        ends_at = one.busy_until - timedelta(minutes=appointment.travel_minutes)
        said = {"name": names[one.member_id], "until": clock_time(ends_at, wanted.time_zone)}
        said["from"] = clock_time(one.busy_from, wanted.time_zone)
        said["road"] = str(appointment.travel_minutes)
        if by is None or not (appointment.job.is_visible_to(by) or one.member_id == by.pk):
            words = _("%(name)s is booked from %(from)s to %(until)s") % said
        else:
            said["what"] = appointment.job.title
            words = _("%(name)s is at “%(what)s” from %(from)s to %(until)s") % said
            if appointment.is_held and (one.is_offered or not appointment.offered_starts_at):
                words = _("%(name)s is held for “%(what)s” from %(from)s to %(until)s") % said
        if appointment.travel_minutes:
            words += _(", then %(road)s minutes of travel") % said
        yield Obstacle(f"{words}.", firm=True)


def _away(wanted: Wanted, member: Member) -> Iterator[Obstacle]:
    setup = assignment_setup()
    if not member.active or not allows(member, WORK):
        yield Obstacle(_("%(name)s can’t be booked for appointments.") % {"name": member.name}, firm=True)
        return
    for absence in setup.absences.get(member.pk, ()):
        if absence.starts_at < wanted.ends_at and (absence.ends_at is None or absence.ends_at > wanted.starts_at):
            yield Obstacle(_("%(name)s is away then.") % {"name": member.name}, firm=True)
            return
    hours = setup.hours_of(member.pk)
    length = int((wanted.ends_at - wanted.starts_at).total_seconds())
    if hours and hours.between(wanted.starts_at, wanted.ends_at) < length:
        yield Obstacle(_("It is outside %(name)s’s working hours.") % {"name": member.name}, firm=False)
