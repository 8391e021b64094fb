"""Time choices offered as buttons (this afternoon, tomorrow, next week); bounds of the reader's day and week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.web.reader import Reader
from followups.models import FollowUp
from followups.quick_entry.moment import OPENING

AFTERNOON = time(16)


class TimeChip(NamedTuple):
    """A time offered as a button."""

    value: str
    label: str


@dataclass(frozen=True)
class Bounds:
    """Start and end of the reader's day and week."""

    now: datetime
    day_start: datetime
    day_end: datetime
    week_end: datetime

    @classmethod
    def of(cls, reader: Reader) -> "Bounds":
        today = reader.today
        monday = today + timedelta(days=7 - today.weekday())
        start, end, week = (_midnight(day, reader.zone) for day in (today, today + timedelta(days=1), monday))
        return cls(reader.now, start, end, week)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def list_time_chips(reader: Reader) -> list[TimeChip]:
    """List the times offered now."""
    offered = [TimeChip("tomorrow", _("Tomorrow")), TimeChip("week", _("Next week"))]
    afternoon = datetime.combine(reader.today, AFTERNOON, reader.zone)
    if afternoon > reader.now:
        offered.insert(0, TimeChip("today", _("Today %(time)s") % {"time": reader.time(afternoon)}))
    return offered


def chip_time(value: str, follow_up: FollowUp, reader: Reader) -> datetime | None:
    """Return the instant of a chip; tomorrow and next week keep the time of day. None for an unknown chip."""
    today = reader.today
    if follow_up.due_at:
        clock = follow_up.due_at.astimezone(reader.zone).time()
    else:
        clock = OPENING
    days = {"today": today, "tomorrow": today + timedelta(days=1), "week": today + timedelta(days=7 - today.weekday())}
    if value not in days:
        return None
    return datetime.combine(days[value], AFTERNOON if value == "today" else clock, reader.zone)


def parse_form_time(day: str, clock: str, zone: ZoneInfo) -> datetime | None:
    """Parse a day and a time of day from form fields; None where they are invalid."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock) if clock else OPENING, zone)
    except ValueError:
        return None
