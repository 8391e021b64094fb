"""Load the calendar's data with a few queries: members, their appointments, and the work of teams."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from crm.integrations.models import BusyTime
from crm.jobs.appointments.days.calendar_query import CalendarQuery, midnight
from crm.jobs.appointments.days.lanes import LaneBar, bars_between
from crm.jobs.models.appointments import Appointment, AppointmentState, Attendance
from crm.jobs.models.appointments.obstacles import WORK
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

# So many stand beside each other where nobody is chosen; of those that are chosen, what the grid has room for.
MOST_COLUMNS = 8
MOST_CHOSEN_COLUMNS = 24


@dataclass(frozen=True)
class BookedTime:
    """A member's time at an appointment. The appointment is None if the reader may not see it: shown as busy."""

    member_id: int
    begins: datetime
    ends: datetime
    busy_until: datetime
    appointment: Any = None
    # Whether it is the other time that the customer is asked about.
    is_offered: bool = False
    # Whether it is from a calendar of the member's own; its title is for the member alone, who chose to keep it.
    is_private: bool = False
    title: str = ""


@dataclass(frozen=True)
class CalendarRows:
    """Calendar data: columns of members and teams, number of hidden columns, booked times, and the teams' work."""

    members: list[Member]
    teams: list[Team]
    hidden: int
    taken: list[BookedTime]
    bars: dict[int, list[LaneBar]] = field(default_factory=dict)

    @property
    def appointments(self) -> list[Any]:
        """The appointments the reader may see at their agreed times, without duplicates, by time."""
        rows = {one.appointment.pk: one.appointment for one in self.taken if one.appointment and not one.is_offered}
        return sorted(rows.values(), key=lambda row: (row.starts_at, row.pk))


def read(asked: CalendarQuery, reader: Reader, viewer: Member, focus: int | None = None) -> CalendarRows:
    """Load the calendar for the days shown. `focus`: id of a member that day and week views always include."""
    days = asked.days()
    if asked.view == "month":
        return CalendarRows([], [], 0, _load_booked_times(asked, reader, viewer, asked.member_ids))
    bars = bars_between(days[0], days[-1], viewer, asked.team_ids)
    members, teams, hidden = _choose_columns(asked, reader, viewer, bars, focus)
    ids = {member.pk for member in members} | {one.pk for team in teams for one in directory().members_of(team)}
    return CalendarRows(members, teams, hidden, _load_booked_times(asked, reader, viewer, ids), bars)


def _period_of(days: list[date], reader: Reader) -> tuple[datetime, datetime]:
    return midnight(days[0], reader.zone), midnight(days[-1] + timedelta(days=1), reader.zone)


def _choose_columns(
    asked: CalendarQuery, reader: Reader, viewer: Member, bars: dict[int, list[LaneBar]], focus: int | None
) -> tuple[list[Member], list[Team], int]:
    """Return the shown columns and the number hidden: the selection, else the viewer and all who have entries."""
    organization = directory()
    first, last = _period_of(asked.days(), reader)
    busy = Attendance.objects.filter(busy_from__lt=last, busy_until__gt=first).order_by()
    busy = busy.exclude(appointment__state=AppointmentState.CANCELLED)
    count = dict(busy.values_list("member_id").annotate(Count("pk")))
    can = [one for one in organization.members.values() if (one.active and allows(one, WORK)) or count.get(one.pk)]
    teams = [team for team in organization.teams.values() if bars.get(team.pk)]
    chosen = asked.member_ids
    if chosen is not None:
        team_ids = asked.team_ids
        if team_ids is not None:
            named = [organization.teams[pk] for pk in team_ids if pk in organization.teams]
        else:
            named = teams
        lanes = sorted(named, key=lambda team: team.name.casefold())[:MOST_CHOSEN_COLUMNS]
        people = [one for one in can if one.pk in chosen or one.pk == focus]
        room = max(MOST_CHOSEN_COLUMNS - len(lanes), 1)
        return people[:room], lanes, max(0, len(people) - room)
    ranked = sorted(can, key=lambda one: (one.pk not in (viewer.pk, focus), -count.get(one.pk, 0), one.name.casefold()))
    with_work = [one for one in ranked if count.get(one.pk) or one.pk in (viewer.pk, focus)]
    lanes = teams[: MOST_COLUMNS // 2]
    columns = (with_work if len(with_work) > 1 or lanes else ranked)[: MOST_COLUMNS - len(lanes)]
    return columns, lanes, len([one for one in with_work if one not in columns]) + len(teams) - len(lanes)


def _load_booked_times(
    asked: CalendarQuery, reader: Reader, viewer: Member, member_ids: Collection[int] | None
) -> list[BookedTime]:
    """Return the booked times of these members, or of all members, on the days shown. Four queries."""
    first, last = _period_of(asked.days(), reader)
    rows = Attendance.objects.filter(busy_from__lt=last, busy_until__gt=first)
    if member_ids is not None:
        rows = rows.filter(member_id__in=member_ids)
    parts = ("job", "type", "site", "person")
    rows = rows.select_related(*(f"appointment__{name}" for name in parts))
    times = list(rows.prefetch_related("appointment__attendances").order_by("busy_from", "pk"))
    ids = {one.appointment_id for one in times}
    if ids:
        seen = set(Appointment.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    else:
        seen = ids
    taken: list[BookedTime] = []
    for one in times:
        row = one.appointment
        is_asked_for = asked.type_id in (None, row.type_id) and asked.brand_id in (None, row.job.brand_id)
        if one.is_offered:
            ends = row.offered_ends_at or one.busy_until
        else:
            ends = row.ends_at
        if row.pk not in seen:
            taken += [BookedTime(one.member_id, one.busy_from, ends, one.busy_until)] if one.is_live else []
        elif is_asked_for and one.is_offered:
            taken.append(BookedTime(one.member_id, one.busy_from, ends, one.busy_until, row, is_offered=True))
        elif is_asked_for:
            taken.append(BookedTime(one.member_id, row.starts_at, ends, one.busy_until, row))
    return [*taken, *_load_private_times(first, last, viewer, member_ids)]


def _load_private_times(
    first: datetime, last: datetime, viewer: Member, member_ids: Collection[int] | None
) -> list[BookedTime]:
    """Return the busy times of these members’ private calendars. One query."""
    rows = BusyTime.objects.between(first, last)
    if member_ids is not None:
        rows = rows.filter(member_id__in=member_ids)
    times = []
    for row in rows.order_by("starts_at", "pk"):
        title = ""
        if row.member_id == viewer.pk:
            title = row.title
        times.append(BookedTime(row.member_id, row.starts_at, row.ends_at, row.ends_at, is_private=True, title=title))
    return times
