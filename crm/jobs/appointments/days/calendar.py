"""Context of the calendar's three views: day (columns of members and crews), week (their load) and month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.jobs.appointments.availability import open_hours
from crm.jobs.appointments.days.calendar_query import CalendarQuery, midnight
from crm.jobs.appointments.days.day_view import day_context
from crm.jobs.appointments.days.lanes import LaneBar
from crm.jobs.appointments.days.reading import BookedTime, CalendarRows, read
from crm.kernel import formats
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

# Of a day in the week and the month so many are named.
NAMED = 3


@dataclass(frozen=True)
class CalendarCell:
    """A day of a member or team in the week view, or of all in the month. `bars`: a team's work, with day count."""

    day: date
    is_today: bool
    rows: list[Any]
    more: int = 0
    load: int | None = None
    is_outside: bool = False
    bars: list[tuple[LaneBar, int]] | None = None

    @property
    def is_clash(self) -> bool:
        """True if a team is planned for several works on one day."""
        return len(self.bars or ()) > 1


def context(asked: CalendarQuery, reader: Reader, viewer: Member, focus: int | None = None) -> dict[str, Any]:
    """Return the template context of a view. `focus`: a member who is always shown, and first on a phone."""
    rows = read(asked, reader, viewer, focus)
    live = [row for row in rows.appointments if row.state != "cancelled"]
    values: dict[str, Any] = {"members": rows.members, "teams": rows.teams, "hidden": rows.hidden, "count": len(live)}
    values["other_zones"] = any(_is_other_clock(row, reader) for row in live)
    values["closings"] = {day: name for day in asked.days() if (name := closing_of(day))}
    if asked.view == "day":
        return values | day_context(asked, reader, rows, focus or viewer.pk)
    heads = [(day, formats.weekday(day), day == reader.today, values["closings"].get(day, "")) for day in asked.days()]
    if asked.view == "week":
        lanes = [_lane_line(team, asked, reader, rows) for team in rows.teams]
        return values | {
            "lines": [_member_line(one, asked, reader, rows.taken) for one in rows.members],
            "lanes": lanes,
            "heads": heads,
        }
    return values | {"weeks": _month_weeks(asked, reader, live, rows.taken), "heads": heads[:7]}


def closing_of(day: date) -> str:
    """Return the name of the organization's holiday or closing on a day; blank if it is open."""
    organization = directory()
    hours = organization.calendars.get(organization.default_calendar_id or 0)
    if hours:
        return hours.closed(day) or ""
    return ""


def _is_other_clock(row: Any, reader: Reader) -> bool:
    return reader.time(row.starts_at) != formats.clock_time(row.starts_at, row.zone, reader.country, reader.language)


def _member_line(
    member: Member, asked: CalendarQuery, reader: Reader, taken: list[BookedTime]
) -> tuple[Member, list[CalendarCell]]:
    mine: dict[date, list[BookedTime]] = defaultdict(list)
    for one in taken:
        if one.member_id != member.pk or one.is_private:
            continue
        if not one.appointment or one.appointment.state != "cancelled":
            mine[one.begins.astimezone(reader.zone).date()].append(one)
    return member, [_week_cell(member, day, mine[day], reader) for day in asked.days()]


def _week_cell(member: Member, day: date, mine: list[BookedTime], reader: Reader) -> CalendarCell:
    first, last = (midnight(day + timedelta(days=more), reader.zone) for more in (0, 1))
    minutes = sum((ends - begins).total_seconds() for begins, ends in open_hours(member.pk, first, last))
    booked = sum((one.busy_until - one.begins).total_seconds() for one in mine)
    load = None
    if minutes:
        load = min(100, round(100 * booked / minutes))
    rows = [one for one in mine if one.appointment]
    return CalendarCell(day, day == reader.today, rows[:NAMED], len(mine) - len(rows[:NAMED]), load)


def _lane_line(
    team: Team, asked: CalendarQuery, reader: Reader, rows: CalendarRows
) -> tuple[Team, int, list[CalendarCell]]:
    """Return a team's row: its size, its work by day, and its members' appointments, each once."""
    members = {member.pk for member in directory().members_of(team)}
    by_day: dict[date, dict[int, BookedTime]] = defaultdict(dict)
    for one in rows.taken:
        if one.member_id in members and one.appointment and one.appointment.state != "cancelled":
            by_day[one.begins.astimezone(reader.zone).date()].setdefault(one.appointment.pk, one)
    cells = []
    for day in asked.days():
        bars = [(bar, bar.numbers[day]) for bar in rows.bars.get(team.pk, ()) if bar.is_on(day)]
        mine = list(by_day[day].values())
        load = None
        if bars:
            load = 100 * len(bars)
        cells.append(CalendarCell(day, day == reader.today, mine[:NAMED], max(0, len(mine) - NAMED), load, bars=bars))
    return team, len(members), cells


def _month_weeks(
    asked: CalendarQuery, reader: Reader, rows: list[Any], taken: list[BookedTime]
) -> list[list[CalendarCell]]:
    by_day: dict[date, list[BookedTime]] = defaultdict(list)
    booked = [BookedTime(0, row.starts_at, row.ends_at, row.ends_at, row) for row in rows]
    # Another time that is held stands once, however many would come.
    booked += {one.appointment.pk: one for one in taken if one.is_offered and one.appointment}.values()
    for one in sorted(booked, key=lambda one: one.begins):
        by_day[one.begins.astimezone(reader.zone).date()].append(one)
    cells = [
        CalendarCell(
            day,
            day == reader.today,
            by_day[day][:NAMED],
            max(0, len(by_day[day]) - NAMED),
            is_outside=day.month != asked.day.month,
        )
        for day in asked.days()
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
