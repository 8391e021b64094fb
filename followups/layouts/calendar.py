"""The calendar of follow-ups: a month of cells, or days side by side with a row per quarter of an hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from crm.jobs.appointments.days.calendar_query import CalendarQuery
from crm.jobs.appointments.days.day_grid import QUARTER, GridBlock, lay_out, shown_hours
from crm.jobs.models.appointments import Appointment
from crm.kernel import formats
from crm.kernel.days import EARLIEST_COUNTED, read_day
from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.busy_times import BusyStretch, busy_hint
from followups.layouts.calendar_days import CalendarContent, DayContent, read_days
from followups.models import FollowUp
from followups.rows import FollowUpRowBuilder

SPANS = ("day", "week", "month")
# So many entries a cell of the month names, and so many overdue ones stand above the hours.
NAMED = 3
MOST_OVERDUE = 6
MOST_OF_COLUMN = 60
# The grid is one of clock times, not of instants: each day has its 24 hours, also where the clocks change.
GRID_DAY = date(2000, 1, 3)
# An entry needs this much room for its words, stands beside at most one other, and at most so far below its time.
LEAST = timedelta(minutes=30)
TRACKS = 2
FURTHEST = 4


@dataclass(frozen=True)
class DayEntry:
    """A follow-up or an appointment in the calendar. `moves`: what dragging needs; None if it cannot be moved."""

    subject: str
    about: str
    url: str
    time: str
    css: str
    begins: datetime
    minutes: int
    icon: str
    spoken: str
    menu_url: str = ""
    moves: Mapping[str, Any] | None = None


class BusyBand(NamedTuple):
    """A busy time behind the entries of a day: the classes of its place, "" outside the hours shown, and its words."""

    place: str
    time: str
    words: str


class PlacedEntry(NamedTuple):
    """An entry in the grid: the classes of its place, and whether there is room for a second line."""

    what: DayEntry
    place: str
    is_tall: bool


@dataclass
class CalendarColumn:
    """A day of the calendar: its entries; in a grid its blocks, and the entries that have no room there."""

    day: date
    number: int
    weekday: str
    is_today: bool
    is_weekend: bool
    is_outside: bool = False
    overdue: list[DayEntry] = field(default_factory=list)
    has_more_overdue: bool = False
    entries: list[DayEntry] = field(default_factory=list)
    blocks: list["PlacedEntry"] = field(default_factory=list)
    stretches: list[BusyStretch] = field(default_factory=list)
    busy: list[BusyBand] = field(default_factory=list)
    busy_hint: str = ""
    more: int = 0
    day_query: str = ""


class CalendarPage:
    """The calendar of one page: which days it shows, and what is on them."""

    def __init__(self, query: QueryDict, filters: Filters, reader: Reader, remembered: str = "") -> None:
        span = query.get("span", "") or remembered
        if span not in SPANS:
            span = "week"
        day = read_day(query.get("day", ""), earliest=EARLIEST_COUNTED) or reader.today
        self.asked = CalendarQuery(span, day)
        self.filters = filters
        self.reader = reader

    @property
    def span(self) -> str:
        return self.asked.view

    def query(self, **changes: Any) -> str:
        """Return the query string of the same filters on another day or span."""
        values = {"span": self.span, "day": self.asked.day.isoformat()} | changes
        before = self.filters.query(position={})
        return f"{before}{'' if before == '?' else '&'}{urlencode(values)}"

    def context(self, member: Member, maker_of: Any, *, may_work: bool) -> dict[str, Any]:
        """Return the template context. `maker_of` builds the row builder of follow-ups."""
        most = NAMED
        if self.span != "month":
            most = MOST_OF_COLUMN
        self.member = member
        self.one_member_id = FOLLOW_UPS.one_member_id(self.filters, member)
        content = read_days(self.filters, member, self.reader, self.asked.days(), max(most, MOST_OVERDUE))
        every = [row for day in content.days for row in day.follow_ups] + content.overdue
        self.maker: FollowUpRowBuilder = maker_of(every)
        self.slug = self.maker.slug
        self.may_work = may_work
        columns = [self._column(number, day, content, most) for number, day in enumerate(content.days, 2)]
        values: dict[str, Any] = {
            "span": self.span,
            "heading": self._heading(),
            "spans": [(name, self.query(span=name), name == self.span) for name in reversed(SPANS)],
            "earlier": self.query(day=self.asked.step(-1)),
            "later": self.query(day=self.asked.step(1)),
            "today_query": self.query(day=self.reader.today),
            "is_now": self.reader.today in self.asked.days(),
            "zone_name": str(self.reader.zone),
        }
        if self.span == "month":
            return values | {"weeks": [columns[at : at + 7] for at in range(0, len(columns), 7)]}
        return values | self._grid(columns)

    def _heading(self) -> str:
        days = self.asked.days()
        if self.span == "month":
            return formats.month(self.asked.day)
        if self.span == "week":
            return f"{self.reader.date(days[0])} – {self.reader.date(days[-1])}"
        return self.reader.date(days[0])

    def _column(self, number: int, day: DayContent, content: CalendarContent, most: int) -> CalendarColumn:
        is_today = day.day == self.reader.today
        overdue = []
        if is_today and self.span != "month":
            overdue = content.overdue[:MOST_OVERDUE]
        above = {row.pk for row in content.overdue} if overdue else set()
        entries = [self._follow_up(row) for row in day.follow_ups[:most] if row.pk not in above]
        entries += [self._appointment(row) for row in day.appointments]
        entries.sort(key=lambda entry: entry.begins)
        more = day.more + max(0, len(day.follow_ups) - most)
        if self.span == "month":
            more += max(0, len(entries) - most)
            entries = entries[:most]
        return CalendarColumn(
            stretches=day.busy,
            busy_hint=busy_hint(day.busy),
            day=day.day,
            number=number,
            weekday=formats.weekday(day.day),
            is_today=is_today,
            is_weekend=day.day.weekday() >= 5,
            is_outside=day.day.month != self.asked.day.month,
            overdue=[self._follow_up(row) for row in overdue],
            has_more_overdue=len(content.overdue) > len(overdue) > 0,
            entries=entries,
            more=more,
            day_query=self.query(span="day", day=day.day.isoformat()),
        )

    def _follow_up(self, follow_up: FollowUp) -> DayEntry:
        row = self.maker.row(follow_up)
        due_at = follow_up.sort_at
        moves = None
        if self.may_work and row.is_open:
            moves = {
                "moves": FOLLOW_UPS.url("reschedule", self.slug, follow_up.uid),
                "version": follow_up.version,
                "starts": due_at.isoformat(),
                "zone": str(self.reader.zone),
                "minutes": row.minutes,
                "day": due_at.astimezone(self.reader.zone).date().isoformat(),
            }
        job = self.maker.jobs.get(follow_up.job_id or 0)
        css = "is-unsure"
        if not row.is_open:
            css = "is-done"
        elif follow_up.is_overdue(self.reader.now):
            css = "is-over"
        return DayEntry(
            subject=follow_up.subject,
            about=job.title if job else row.about,
            url=FOLLOW_UPS.url("follow_up", self.slug, follow_up.uid),
            time=self.reader.time(due_at),
            css=css,
            begins=due_at,
            minutes=row.minutes,
            icon=row.icon,
            spoken=row.spoken,
            menu_url=FOLLOW_UPS.url("move", self.slug, follow_up.uid) if self.may_work else "",
            moves=moves,
        )

    def _appointment(self, appointment: Appointment) -> DayEntry:
        about = appointment.job.title if appointment.job else ""
        if appointment.site and appointment.site.city:
            about = f"{about}, {appointment.site.city}"
        return DayEntry(
            subject=appointment.type.name,
            about=about,
            url=record_url(appointment, self.slug),
            time=self.reader.time(appointment.starts_at),
            css="" if appointment.is_live else "is-done",
            begins=appointment.starts_at,
            minutes=appointment.minutes,
            icon="calendar",
            spoken=f"{appointment.type.name} · {about}",
        )

    def _grid(self, columns: Sequence[CalendarColumn]) -> dict[str, Any]:
        """Lay out the entries by clock time; those without room are counted above their column."""
        midnight = datetime.combine(GRID_DAY, time())
        stretches = [stretch for column in columns for stretch in map(self._stretch, column.entries)]
        begins, quarters = shown_hours(midnight, [(first, last + LEAST) for first, last in stretches])
        for column in columns:
            blocks, without_room = self._blocks(column.entries, begins, quarters)
            column.blocks = [
                PlacedEntry(
                    block.what,
                    f"{block.kind} col-{column.number} row-{block.row} rows-{block.span}".strip(),
                    block.span > 2,
                )
                for block in blocks
            ]
            column.more += without_room
            column.busy = [self._busy_band(one, column, begins, quarters) for one in column.stretches]
        hours = [begins + timedelta(hours=at) for at in range(quarters // 4)]
        now_row = 0
        if self.reader.today in self.asked.days():
            now_row = (self._on_grid_day(self.reader.now) - begins) // QUARTER + 1
        return {
            "columns": columns,
            "quarters": quarters,
            "first_minute": int((begins - midnight).total_seconds() // 60),
            "hours": [
                (self.reader.time(hour.replace(tzinfo=self.reader.zone)), at * 4 + 1) for at, hour in enumerate(hours)
            ],
            "now_row": now_row if 0 < now_row <= quarters else 0,
        }

    def _busy_band(self, busy: BusyStretch, column: CalendarColumn, first: datetime, quarters: int) -> BusyBand:
        """Place a busy time behind the entries, as far as it is within the hours shown."""
        begins = self._on_grid_day(busy.begins)
        ends = self._on_grid_day(busy.ends)
        if ends <= begins:
            ends = datetime.combine(GRID_DAY + timedelta(days=1), time())
        row = max(0, (begins - first) // QUARTER)
        last = min(quarters, -((first - ends) // QUARTER))
        place = ""
        if row < last:
            place = f"col-{column.number} row-{row + 1} rows-{last - row}"
        return BusyBand(place, busy.time_words(self.reader), busy.words(self.member, self.one_member_id))

    def _on_grid_day(self, at: datetime) -> datetime:
        return datetime.combine(GRID_DAY, at.astimezone(self.reader.zone).time())

    def _stretch(self, entry: DayEntry) -> tuple[datetime, datetime]:
        begins = self._on_grid_day(entry.begins)
        return begins, begins + max(timedelta(minutes=entry.minutes), LEAST)

    def _blocks(self, entries: Sequence[DayEntry], first: datetime, quarters: int) -> tuple[list[GridBlock], int]:
        """Place a day's entries on tracks beside each other. Returns the blocks, and how many found no room."""
        tracks: list[list[tuple[str, datetime, datetime, Any]]] = [[] for _track in range(TRACKS)]
        taken = [0] * TRACKS
        without_room = 0
        for entry in entries:
            begins, ends = self._stretch(entry)
            row = (begins - first) // QUARTER
            track = next((at for at in range(TRACKS) if taken[at] <= row), taken.index(min(taken)))
            placed = max(taken[track], row)
            last = placed - ((begins - ends) // QUARTER)
            if placed - row > FURTHEST or last > quarters:
                without_room += 1
                continue
            taken[track] = last
            tracks[track].append(("", first + placed * QUARTER, first + last * QUARTER, entry))
        is_parted = bool(tracks[1])
        blocks = []
        for number, parts in enumerate(tracks, 1):
            kind = f"inside-{number}" if is_parted else ""
            blocks += lay_out(first, quarters, [(kind, *part[1:]) for part in parts])
        return blocks, without_room
