"""Context of the day view: a column per member with travel and free time, and a column per crew with its work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from crm.jobs.appointments.availability import open_hours
from crm.jobs.appointments.days.calendar_query import CalendarQuery, midnight, team_key
from crm.jobs.appointments.days.day_grid import QUARTER, GridBlock, gaps, lay_out, shown_hours
from crm.jobs.appointments.days.lanes import LaneBar
from crm.jobs.appointments.days.reading import BookedTime, CalendarRows
from crm.jobs.appointments.slots import round_up
from crm.jobs.models.appointments.queryset import LIVE
from crm.jobs.models.assignment.setup import assignment_setup
from crm.people.identity.first_name import first_name
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

# A gap shorter than this is not offered.
LEAST = timedelta(minutes=30)
# When a crew works on a day on which the organization has no hours: from and to, in hours after midnight.
USUAL_HOURS = (8, 17)
# So many stand beside each other within a crew's column.
TRACKS = 2
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class DayColumn:
    """The day of a member or a crew: the first member, the number of other members, and how many are away."""

    number: int
    blocks: list[GridBlock]
    count: int
    member: Member | None = None
    team: Team | None = None
    first: str = ""
    others: int = 0
    away: int = 0
    is_clash: bool = False

    @property
    def key(self) -> str:
        """Key of the column in the query string."""
        if self.member:
            return str(self.member.uid)
        if self.team:
            return team_key(self.team)
        return ""

    @property
    def name(self) -> str:
        return str(self.member.name if self.member else self.team)


def day_context(asked: CalendarQuery, reader: Reader, rows: CalendarRows, focus: int) -> dict[str, Any]:
    """Return the day's columns, its hours, and the column shown on a phone."""
    first, last = (midnight(asked.day + timedelta(days=more), reader.zone) for more in (0, 1))
    open_ = {member.pk: open_hours(member.pk, first, last) for member in rows.members}
    work = _crew_hours(first, last)
    stretches = [stretch for those in open_.values() for stretch in those]
    stretches += [(one.begins, one.ends) for one in rows.taken if not one.is_private]
    stretches += [work] if rows.teams else []
    begins, quarters = shown_hours(first, stretches)
    columns = [
        DayColumn(
            number,
            _member_blocks(member, open_[member.pk], rows.taken, (begins, quarters), reader),
            _count_appointments(member, rows.taken),
            member,
        )
        for number, member in enumerate(rows.members, 2)
    ]
    for number, team in enumerate(rows.teams, len(columns) + 2):
        columns.append(_crew_column(number, team, asked.day, rows, work, (begins, quarters)))
    own = _phone_column(columns, asked, focus)
    now = 0
    if first <= reader.now < last:
        now = (reader.now - begins) // timedelta(minutes=15) + 1
    return {
        "columns": columns,
        "quarters": quarters,
        "hours": [(reader.time(begins + timedelta(hours=at)), at * 4 + 1) for at in range(quarters // 4)],
        "own": own,
        "agenda": _agenda_blocks(own, work) if own else [],
        "now_row": now if 0 < now <= quarters else 0,
    }


def _phone_column(columns: Sequence[DayColumn], asked: CalendarQuery, focus: int) -> DayColumn | None:
    """Return the column shown on a phone: the one in the query, else a member's, else the first."""
    named = next((one for one in columns if asked.focus and one.key == asked.focus), None)
    of_member = next((one for one in columns if one.member and one.member.pk == focus), None)
    return named or of_member or next(iter(columns), None)


def _agenda_blocks(own: DayColumn, work: Stretch) -> list[GridBlock]:
    """Return a column as a list by time, without time off; a crew's work is one entry with its hours."""
    blocks = [one for one in own.blocks if one.kind not in ("off", "bar-rest")]
    whole = [replace(one, begins=work[0], ends=work[1]) if one.kind == "bar" else one for one in blocks]
    return sorted(whole, key=lambda one: one.begins)


def _crew_hours(first: datetime, last: datetime) -> Stretch:
    """Return the start and end of the crews' working hours on a day."""
    organization = directory()
    hours = organization.calendars.get(organization.default_calendar_id or 0)
    intervals = []
    if hours:
        intervals = list(hours.intervals(first, last))
    if intervals:
        return intervals[0].start, intervals[-1].end
    return first + timedelta(hours=USUAL_HOURS[0]), first + timedelta(hours=USUAL_HOURS[1])


def _crew_column(
    number: int, team: Team, day: date, rows: CalendarRows, work: Stretch, grid: tuple[datetime, int]
) -> DayColumn:
    bars = [bar for bar in rows.bars.get(team.pk, ()) if bar.is_on(day)]
    members = directory().members_of(team)
    ids = {member.pk for member in members}
    mine: dict[int, BookedTime] = {}
    for one in rows.taken:
        if one.member_id in ids and one.appointment and one.appointment.state != "cancelled":
            mine.setdefault(one.appointment.pk, one)
    besides = list(mine.values())
    blocks = [*_bar_blocks(bars, besides, work, grid), *_crew_blocks(besides, grid)]
    absences = assignment_setup().absences
    away = sum(
        any(one.starts_at < work[1] and (one.ends_at is None or one.ends_at > work[0]) for one in absences.get(pk, ()))
        for pk in ids
    )
    count = len(bars) + len(mine)
    names = [first_name(member.name) or member.name for member in members] or [""]
    return DayColumn(
        number,
        blocks,
        count,
        team=team,
        first=names[0],
        others=len(names) - 1,
        away=away,
        is_clash=len(bars) > 1,
    )


def _bar_blocks(
    bars: Sequence[LaneBar], besides: Sequence[BookedTime], work: Stretch, grid: tuple[datetime, int]
) -> list[GridBlock]:
    """Lay out a crew's work of the day: the whole day, or equal parts if several works are planned.

    Around what its members have besides; the longest piece says what it is, and all of it where nothing is left.
    """
    share = (work[1] - work[0]) / max(1, len(bars))
    parts: list[tuple[str, datetime, datetime, Any]] = []
    for at, bar in enumerate(bars):
        whole = (work[0] + share * at, work[0] + share * (at + 1))
        pieces = gaps([whole], [(one.begins, one.ends) for one in besides], QUARTER) or [whole]
        longest = max(pieces, key=lambda piece: piece[1] - piece[0])
        parts += [("bar" if piece == longest else "bar-rest", *piece, bar) for piece in pieces]
    return lay_out(*grid, parts)


def _crew_blocks(times: Sequence[BookedTime], grid: tuple[datetime, int]) -> Iterable[GridBlock]:
    """Lay out appointments of a crew's members within its work; simultaneous ones are placed side by side."""
    tracks: list[list[BookedTime]] = [[] for _track in range(TRACKS)]
    for one in sorted(times, key=lambda one: one.begins):
        free = (track for track in tracks if not track or track[-1].ends <= one.begins)
        next(free, tracks[-1]).append(one)
    for number, track in enumerate(tracks, 1):
        kind = f"inside-{number if tracks[1] else 0}"
        yield from lay_out(*grid, [(kind, one.begins, one.ends, one.appointment) for one in track])


def _count_appointments(member: Member, taken: Sequence[BookedTime]) -> int:
    """Count a member's appointments shown on the page, without held times and those the reader may not see."""
    mine = (one for one in taken if one.member_id == member.pk and one.appointment and not one.is_offered)
    return sum(1 for one in mine if one.appointment.state != "cancelled")


def _member_blocks(
    member: Member, open_: list[Stretch], taken: Sequence[BookedTime], grid: tuple[datetime, int], reader: Reader
) -> list[GridBlock]:
    begins, quarters = grid
    ends = begins + timedelta(minutes=15 * quarters)
    own = [one for one in taken if one.member_id == member.pk and not one.is_private]
    own = [one for one in own if not one.appointment or one.appointment.state != "cancelled"]
    private = _private_parts([one for one in taken if one.member_id == member.pk and one.is_private], own, begins, ends)
    parts: list[tuple[str, datetime, datetime, Any]] = [*private]
    for one in own:
        if one.is_offered:
            kind = "held"
        elif one.appointment:
            kind = "slot"
        else:
            kind = "busy"
        parts.append((kind, one.begins, one.ends, one.appointment))
        if one.busy_until > one.ends:
            parts.append(("drive", one.ends, one.busy_until, int((one.busy_until - one.ends).total_seconds() // 60)))
    busy = [(one.begins, one.busy_until) for one in own if not one.appointment or one.appointment.state in LIVE]
    busy += [(first, last) for _kind, first, last, _title in private]
    soon = round_up(reader.now, reader.zone)
    later = [(max(first, soon), last) for first, last in open_ if last > soon]
    parts += [("free", first, last, None) for first, last in gaps(later, busy, LEAST)]
    held = [(one.begins, one.busy_until) for one in own] + [(first, last) for _kind, first, last, _title in private]
    parts += [("off", first, last, None) for first, last in gaps([(begins, ends)], [*open_, *held], LEAST)]
    return lay_out(begins, quarters, sorted(parts, key=lambda part: part[1]))


def _private_parts(
    private: Sequence[BookedTime], own: Sequence[BookedTime], begins: datetime, ends: datetime
) -> list[tuple[str, datetime, datetime, Any]]:
    """Return the intervals of private busy times that overlap neither bookings nor each other."""
    parts: list[tuple[str, datetime, datetime, Any]] = []
    taken = [(one.begins, one.busy_until) for one in own]
    for one in private:
        for first, last in gaps([(max(one.begins, begins), min(one.ends, ends))], taken, QUARTER):
            parts.append(("busy", first, last, one.title))
            taken.append((first, last))
    return parts
