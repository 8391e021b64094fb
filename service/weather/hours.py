"""Hourly chance of bad weather: parsing, and a bar chart over working hours. Pure except for the calendar.

The drawing is 20 units wide for each hour; the highest bar is 44 units high.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.organization.configuration import directory

WIDTH = 20
HIGH = 44
FLOOR = 46
# So much of a typed line is read.
LONGEST = 400


@dataclass(frozen=True)
class Bar:
    """An hour's bar: position and height."""

    hour: int
    percent: int
    x: int
    y: float
    height: float

    @property
    def middle(self) -> int:
        return self.x + 8

    @property
    def is_named(self) -> bool:
        return self.hour % 2 == 0


@dataclass(frozen=True)
class Bars:
    """The bar chart: bars, range of working hours, and a description in words."""

    bars: tuple[Bar, ...]
    width: int
    work_x: int
    work_width: int
    words: str


def hours_in(typed: str) -> dict[int, int]:
    """Parse hours and percentages, "10 40, 11 80". Raises Refused for anything else."""
    by_hour = {}
    sentence = _("Enter hours as “10 40, 11 80”: the hour, then the percentage.")
    for part in typed[:LONGEST].split(","):
        words = part.replace("%", " ").replace(":", " ").split()
        if not words:
            continue
        if len(words) != 2:
            raise Refused(sentence)
        hour, percent = (parse_typed_number(word, sentence, most=999) for word in words)
        by_hour[hour] = percent
    return by_hour


def working_hours(day: date) -> tuple[int, int]:
    """Return the first and last working hour of a day in the tenant's calendar; equal if there are none."""
    organization = directory()
    calendar = organization.calendars.get(organization.default_calendar_id or 0)
    zone = organization.zone
    if calendar is None:
        return 0, 0
    first = datetime.combine(day, time(), zone)
    open_ = list(calendar.intervals(first, first + timedelta(days=1)))
    if not open_:
        return 0, 0
    ends = open_[-1].end.astimezone(zone)
    return open_[0].start.astimezone(zone).hour, ends.hour if ends.date() == day else 24


def bars_of(hours: Sequence[Sequence[int]], work: tuple[int, int]) -> Bars:
    """Return the chart of the known hours, from the first to the last."""
    first = hours[0][0]
    last = hours[-1][0]
    bars = tuple(
        Bar(
            hour,
            percent,
            2 + WIDTH * (hour - first),
            round(FLOOR - _bar_height(percent), 1),
            round(_bar_height(percent), 1),
        )
        for hour, percent in hours
    )
    begins = max(work[0], first)
    ends = min(work[1], last + 1)
    words = ", ".join(_("%(hour)s h: %(percent)s%%") % {"hour": one.hour, "percent": one.percent} for one in bars)
    width = WIDTH * (last - first + 1) + 2
    return Bars(bars, width, 2 + WIDTH * (begins - first) - 1, max(WIDTH * (ends - begins), 0), words)


def _bar_height(percent: int) -> float:
    return max(HIGH * percent / 100, 1)
