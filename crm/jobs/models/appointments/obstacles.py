"""Obstacles to an appointment's time: members who are booked, busy, absent, off work, or lack the skill."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.integrations.models import BusyTime
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.jobs.models.appointments.attendance import Attendance
from crm.jobs.models.appointments.local_time import clock_time
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member

# The permission of those who can be booked.
WORK = "appointments.work"


class RequestedTime(NamedTuple):
    """A requested time, and the appointment it is for, whose own booking is not an obstacle."""

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
    """An obstacle to a time, in words for the user. `firm`: the user cannot override it."""

    words: str
    firm: bool


class InTheWay(Refused):
    """A requested time is not possible, or only if the user insists."""

    def __init__(self, found: Sequence[Obstacle]) -> None:
        super().__init__(" ".join(one.words for one in found))
        self.may_insist = not any(one.firm for one in found)


def busy(member_ids: Iterable[int], first: datetime, last: datetime, *, besides: int | None = None) -> list[Attendance]:
    """Return the members' bookings within an interval; `besides`: an appointment to ignore."""
    rows = Attendance.objects.filter(
        member_id__in=list(member_ids), is_live=True, busy_from__lt=last, busy_until__gt=first
    )
    return list(rows.exclude(appointment_id=besides).select_related("appointment__job").order_by("busy_from", "pk"))


def obstacles(wanted: RequestedTime, members: Sequence[Member], *, by: Member | None) -> list[Obstacle]:
    """Return the obstacles to a time: booked, absent, past; and those the user may override: private, hours, skill."""
    in_the_way = [
        *_booked_obstacles(wanted, members, by),
        *_private_obstacles(wanted, members),
        *(one for member in members for one in _absence_obstacles(wanted, member)),
    ]
    skill = assignment_setup().skills.get(wanted.type.skill_id or 0)
    has = [member for member in members if skill and skill.pk in assignment_setup().skills_of.get(member.pk, ())]
    if skill and members and not has:
        in_the_way.append(Obstacle(_("None of them has the skill “%(skill)s”.") % {"skill": skill.name}, firm=False))
    return in_the_way


def _booked_obstacles(wanted: RequestedTime, members: Sequence[Member], by: Member | None) -> Iterator[Obstacle]:
    names = {member.pk: member.name for member in members}
    for one in busy(names, wanted.starts_at, wanted.busy_until, besides=wanted.appointment_id):
        appointment = one.appointment
        ends_at = one.busy_until - timedelta(minutes=appointment.travel_minutes)
        values = {"name": names[one.member_id], "until": clock_time(ends_at, wanted.time_zone)}
        values["from"] = clock_time(one.busy_from, wanted.time_zone)
        values["road"] = str(appointment.travel_minutes)
        if by is None or not (appointment.job.is_visible_to(by) or one.member_id == by.pk):
            words = _("%(name)s is booked from %(from)s to %(until)s") % values
        else:
            values["what"] = appointment.job.title
            words = _("%(name)s is at “%(what)s” from %(from)s to %(until)s") % values
            if appointment.is_held and (one.is_offered or not appointment.offered_starts_at):
                words = _("%(name)s is held for “%(what)s” from %(from)s to %(until)s") % values
        if appointment.travel_minutes:
            words += _(", then %(road)s minutes of travel") % values
        yield Obstacle(f"{words}.", firm=True)


def _private_obstacles(wanted: RequestedTime, members: Sequence[Member]) -> Iterator[Obstacle]:
    """Yield the busy times of private calendars. The user may override them, and does not see titles."""
    names = {member.pk: member.name for member in members}
    rows = BusyTime.objects.between(wanted.starts_at, wanted.busy_until).filter(member_id__in=names)
    for row in rows.order_by("starts_at", "pk"):
        values = {
            "name": names[row.member_id],
            "from": clock_time(row.starts_at, wanted.time_zone),
            "until": clock_time(row.ends_at, wanted.time_zone),
        }
        words = _("%(name)s is busy from %(from)s to %(until)s, by their own calendar.") % values
        yield Obstacle(words, firm=False)


def _absence_obstacles(wanted: RequestedTime, member: Member) -> Iterator[Obstacle]:
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
