"""LineMoment: the day and time named in a typed line. Pure functions."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from followups.quick_entry.ambiguous_days import DAY
from followups.quick_entry.calendar_days import find_calendar_day
from followups.quick_entry.line_text import LineText, NotUnderstood
from followups.quick_entry.patterns import BARE_HOUR, DATES, DAY_PART, PAST, SHORT_DATE, TIME_RANGE, TIMES, WEEKDAY
from followups.quick_entry.vocabulary import HALVES, MONTHS, NUMBERS, PARTS, RELATIVE, UNITS, UNSURE, WEEKDAYS

OPENING = time(9)
CLOSING = time(17)


class LineMoment:
    """The day, time or instant parsed so far; the words that name it are removed from the line."""

    def __init__(self, line: LineText, now: datetime, month_first: bool) -> None:
        self.line = line
        self.now = now
        self.month_first = month_first
        self.day: date | None = None
        self.time: time | None = None
        self.instant: datetime | None = None

    def read_date(self) -> None:
        for name, pattern in DATES:
            match = self.line.cut(pattern, DAY)
            if match:
                _READERS[name](self, match)
                return
        if calendar_day := find_calendar_day(self.line.text, self.now.date()):
            self.line.replace(calendar_day.start, calendar_day.end, DAY)
            self.day = calendar_day.day
            return
        if self._read_weekday():
            return
        if match := self.line.cut(SHORT_DATE, DAY):
            self._read_slash(match)
        elif PAST.search(self.line.text):
            raise NotUnderstood(_("That moment has passed."))

    def _read_weekday(self) -> bool:
        for match in WEEKDAY.finditer(self.line.text):
            word = match["day"].lower()
            behind = self.line.text[match.end() :].strip()
            if (
                word in UNSURE
                and not match["part"]
                and behind
                and not re.match(r"(?:at |om |@)?\d", behind, re.IGNORECASE)
            ):
                continue
            self.line.replace(match.start(), match.end(), DAY)
            if match["part"]:
                self.time = time(PARTS[match["part"].lower()])
            else:
                self.time = None
            away = (WEEKDAYS[word] - self.now.weekday()) % 7
            monday = self.now.date() - timedelta(days=self.now.weekday())
            self.day = self.now.date() + timedelta(days=away)
            if match["next"]:
                self.day = monday + timedelta(days=7 + WEEKDAYS[word])
            elif away == 0:
                self.read_time()
                passed = self.time is None or datetime.combine(self.day, self.time, self.now.tzinfo) <= self.now
                self.day += timedelta(days=7 if passed else 0)
            return True
        return False

    def _read_named(self, match: re.Match[str]) -> None:
        self.day = self._next_date(match["y"], MONTHS[match["month"].lower()], int(match["d"]))

    def _read_iso(self, match: re.Match[str]) -> None:
        self.day = self._next_date(match["y"], int(match["m"]), int(match["d"]))

    def _read_slash(self, match: re.Match[str]) -> None:
        first = int(match["a"])
        second = int(match["b"])
        if self.month_first:
            month = first
            day = second
        else:
            month = second
            day = first
        self.day = self._next_date(match["y"], month, day)

    def _next_date(self, year: str | None, month: int, day: int) -> date:
        """Build a date; without a year its next one."""
        today = self.now.date()
        if year:
            years = range(int(year), int(year) + 1)
        else:
            years = range(today.year, today.year + 9)
        for candidate in years:
            try:
                day_found = date(candidate, month, day)
            except ValueError:
                continue
            if year or day_found >= today:
                return day_found
        raise NotUnderstood(_("There is no such day."))

    def _read_away(self, match: re.Match[str]) -> None:
        number = match["n"].lower()
        unit = UNITS[match["unit"].lower()]
        if number.isdigit():
            count = int(number)
        else:
            count = NUMBERS[number]
        if unit in ("minutes", "hours"):
            self.add_time(timedelta(**{unit: count}))
        else:
            # The type is relativedelta's own: days, weeks or months.
            self.day = self.now.date() + relativedelta(**{unit: count})  # type: ignore[arg-type]

    def _read_half_hour(self, match: re.Match[str]) -> None:
        self.add_time(timedelta(minutes=30))

    def add_time(self, time_passed: timedelta) -> None:
        # Elapsed time, not wall time: a change of the clock in between must not stretch it.
        later = self.now.timestamp() + time_passed.total_seconds()
        self.instant = datetime.fromtimestamp(later, self.now.tzinfo).replace(second=0, microsecond=0)

    def _read_relative(self, match: re.Match[str]) -> None:
        self.day = self.now.date() + timedelta(days=RELATIVE[match["word"].lower()])
        if match["part"]:
            self.time = time(PARTS[match["part"].lower()])

    def _read_tonight(self, match: re.Match[str]) -> None:
        self.day = self.now.date()
        self.time = time(PARTS["evening"])

    def _read_later(self, match: re.Match[str]) -> None:
        self.day = self.now.date()
        self.time = time(PARTS[match["part"].lower().removeprefix("van")])

    def _read_in_week(self, match: re.Match[str]) -> None:
        away = 7 - self.now.weekday() + WEEKDAYS[match["day"].lower()]
        self.day = self.now.date() + timedelta(days=away)

    def _read_day_end(self, match: re.Match[str]) -> None:
        self.day = self.now.date()

    def read_time(self) -> None:
        self.line.text = TIME_RANGE.sub(range_start, self.line.text)
        for name, pattern in TIMES:
            if match := self.line.cut(pattern):
                self.time = time_of_day(match, name)
                return
        # "tomorrow 9": a number alone is a time when a day was named.
        if self.day and (match := self.line.cut(BARE_HOUR)):
            self.time = time_of_day(match, "bare")
        elif match := self.line.cut(DAY_PART):
            self.time = time(PARTS[match["part"].lower()])

    def when(self) -> datetime:
        if self.instant:
            return self.instant
        zone = self.now.tzinfo
        today = self.now.date()
        if self.day is None:
            if self.time is None:
                raise NotUnderstood(_("When? Name a day or a time, such as “tomorrow”, “tue 3pm” or “in 2 weeks”."))
            at = datetime.combine(today, self.time, zone)
            if at > self.now:
                return at
            return datetime.combine(today + timedelta(days=1), self.time, zone)
        if self.time is None and self.day == today:
            closing = datetime.combine(today, CLOSING, zone)
            if closing > self.now:
                return closing
            return (self.now + timedelta(hours=1)).replace(second=0, microsecond=0)
        return datetime.combine(self.day, self.time or OPENING, zone)


def range_start(match: re.Match[str]) -> str:
    """Return the start of a time range as text that can be parsed alone."""
    half = match["half"] or match["last"] or ""
    if not match["half"] and half.lower().startswith("p") and int(match["h"]) % 12 > int(match["until"]) % 12:
        half = "am"
    if half or match["m"]:
        return f"{match['h']}{match['m'] or ''}{half}"
    return f"{match['h']} uur"


def time_of_day(match: re.Match[str], how: str) -> time:
    """Build a time of day from its parts. Raises NotUnderstood for an hour that does not exist."""
    parts = match.groupdict()
    hour = NUMBERS.get(parts["h"].lower()) or int(parts["h"])
    minute = int(parts.get("m") or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise NotUnderstood(_("There is no such time."))
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    if how == "words":
        minute = HALVES[" ".join(parts["from"].lower().split())]
        hour = hour + minute // 60
        minute = minute % 60
    # Nobody is called at three in the night: a small number alone is of the afternoon.
    if how in ("bare", "words") and not parts.get("half") and hour < 7 and not parts["h"].startswith("0"):
        hour += 12
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("There is no such time."))
    return time(hour, minute)


_READERS: dict[str, Callable[[LineMoment, re.Match[str]], None]] = {
    "iso": LineMoment._read_iso,
    "slash": LineMoment._read_slash,
    "named": LineMoment._read_named,
    "away": LineMoment._read_away,
    "half_hour": LineMoment._read_half_hour,
    "relative": LineMoment._read_relative,
    "tonight": LineMoment._read_tonight,
    "later": LineMoment._read_later,
    "in_week": LineMoment._read_in_week,
    "day_end": LineMoment._read_day_end,
}
