"""Busy times of members' connected calendars, by day of the calendar of follow-ups. See docs/calendars.md."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from crm.integrations.models import BusyTime
from crm.jobs.appointments.days.calendar_query import midnight
from crm.kernel import durations
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

# Busy times of a page, and names that are written out.
MOST = 300
NAMED = 3
_ALL_DAY = timedelta(hours=23)


class BusyRow(NamedTuple):
    """A busy time of a member. The title is for the member alone."""

    member_id: int
    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass
class BusyStretch:
    """A part of a day in which members are busy by their connected calendars; overlapping times are one."""

    begins: datetime
    ends: datetime
    rows: list[BusyRow]

    @property
    def is_all_day(self) -> bool:
        return self.ends - self.begins >= _ALL_DAY

    def words(self, viewer: Member, one_member_id: int | None) -> str:
        """Format what it is: "Busy", "Dentist" where it is the viewer's own, "Busy: Dana, Theo" of several."""
        if one_member_id is None:
            return _("Busy: %(names)s") % {"names": _names({row.member_id for row in self.rows})}
        titles = [row.title for row in self.rows if row.member_id == viewer.pk and row.title]
        return ", ".join(dict.fromkeys(titles)) or _("Busy")

    def time_words(self, reader: Reader) -> str:
        """Format when it is: "9:00 AM – 10:30 AM", "all day"."""
        if self.is_all_day:
            return _("all day")
        return f"{reader.time(self.begins)} – {reader.time(self.ends)}"


def _names(member_ids: Iterable[int]) -> str:
    members = directory().members
    names = sorted(members[pk].name for pk in member_ids)
    first_names = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        return _("%(names)s and %(count)s more") % {"names": first_names, "count": len(names) - NAMED}
    return first_names


def busy_rows(member_id: int | None, first: datetime, last: datetime) -> Any:
    """Return the busy times of a member, or of everybody, within an interval, as JSON objects of BusyRow."""
    rows = BusyTime.objects.between(first, last)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    columns = {"member_id": "member_id", "starts_at": "starts_at", "ends_at": "ends_at", "title": "title"}
    return rows.order_by("starts_at", "pk").values(row=JSONObject(**columns))[:MOST]


def busy_by_day(
    rows: Iterable[Mapping[str, Any]], days: Sequence[date], reader: Reader
) -> dict[date, list[BusyStretch]]:
    """Divide busy times by the reader's day, given what `busy_rows` returned."""
    first, last = midnight(days[0], reader.zone), midnight(days[-1] + timedelta(days=1), reader.zone)
    by_day: dict[date, list[BusyStretch]] = defaultdict(list)
    for columns in rows:
        row = BusyRow(
            columns["member_id"],
            datetime.fromisoformat(columns["starts_at"]),
            datetime.fromisoformat(columns["ends_at"]),
            columns["title"],
        )
        begins, ends = max(row.starts_at, first), min(row.ends_at, last)
        day = begins.astimezone(reader.zone).date()
        while (start := midnight(day, reader.zone)) < ends:
            end = midnight(day + timedelta(days=1), reader.zone)
            _add(by_day[day], BusyStretch(max(begins, start), min(ends, end), [row]))
            day += timedelta(days=1)
    return by_day


def _add(stretches: list[BusyStretch], new: BusyStretch) -> None:
    """Add a stretch that begins no earlier than those before; one that overlaps the last extends it."""
    if stretches and new.begins < stretches[-1].ends:
        stretches[-1].ends = max(stretches[-1].ends, new.ends)
        stretches[-1].rows += new.rows
    else:
        stretches.append(new)


def busy_hint(stretches: Sequence[BusyStretch]) -> str:
    """Format how long a day is taken: "Busy 2h 30m", "Busy all day"; "" if it is not."""
    if not stretches:
        return ""
    total = sum((one.ends - one.begins for one in stretches), timedelta())
    if total >= _ALL_DAY:
        return _("Busy all day")
    return _("Busy %(time)s") % {"time": durations.short_duration(total.total_seconds())}
