"""Time zones in calendar files: IANA and Windows names, or described by the file.

A file's own description is read for the two rules a year that calendars write, and no others: any other rule could
be one without end.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?")
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_MONTH = re.compile(r"(?:^|;)BYMONTH=(\d{1,2})(?:;|$)")
_DAY = re.compile(r"(?:^|;)BYDAY=(-?[1-5])(MO|TU|WE|TH|FR|SA|SU)(?:;|$)")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z?")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Observance:
    """Standard or daylight time of a described zone: its yearly start and its offset."""

    offset: timedelta
    begins: datetime
    # Month, which of its weekdays (-1: the last), which day of the week; none for one that begins once.
    rule: tuple[int, int, int] | None = None

    def last_begin(self, at: datetime) -> datetime | None:
        """Return its last start before a local time."""
        if self.rule is None:
            if self.begins <= at:
                return self.begins
            return None
        begins = (self._in_year(year) for year in (at.year, at.year - 1) if year >= max(self.begins.year, 1))
        return next((begin for begin in begins if begin <= at), None)

    def _in_year(self, year: int) -> datetime:
        month, which, weekday = self.rule or (1, 1, 0)
        first, length = calendar.monthrange(year, month)
        days = range(1 + (weekday - first) % 7, length + 1, 7)
        if which < 0:
            day = days[which]
        else:
            day = days[min(which, len(days)) - 1]
        return datetime.combine(datetime(year, month, day), self.begins.time())  # noqa: DTZ001


def zone_of(name: str, described: Sequence[Observance], local: datetime) -> tzinfo | None:
    """Return the zone of a name at a local time; None if unknown."""
    name = name.strip().strip('"')
    tail = "/".join(name.split("/")[-2:])
    for iana_name in (name, tail, WINDOWS_TO_OLSON.get(name, "")):
        if zone := _of_iana(iana_name):
            return zone
    if described:
        return _offset_at(described, local)
    match = _NAMED_OFFSET.fullmatch(name.upper()[:40])
    if match:
        return _fixed_zone(match[1], int(match[2]), int(match[3] or 0))
    return None


def observances(blocks: Iterable[list[tuple[str, str]]]) -> list[Observance]:
    """Parse the observances of a described zone from their properties."""
    read = (_build_observance(dict(properties)) for properties in blocks)
    return [each for each in read if each is not None]


def _build_observance(properties: dict[str, str]) -> Observance | None:
    offset = _OFFSET.fullmatch(properties.get("TZOFFSETTO", ""))
    begins = _STAMP.match(properties.get("DTSTART", ""))
    if offset is None or begins is None:
        return None
    try:
        since = datetime(*(int(part) for part in begins.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    delta = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    rule = properties.get("RRULE", "").upper()[:200]
    month = _MONTH.search(rule)
    day = _DAY.search(rule)
    is_yearly = "FREQ=YEARLY" in rule and month is not None and day is not None and 1 <= int(month[1]) <= 12
    when = None
    if is_yearly and month and day:
        when = (int(month[1]), int(day[1]), _DAYS.index(day[2]))
    return Observance(-delta if offset[1] == "-" else delta, since, when)


def _offset_at(described: Sequence[Observance], local: datetime) -> tzinfo:
    begun = [(begin, each) for each in described if (begin := each.last_begin(local))]
    if begun:
        holding = max(begun, key=lambda pair: pair[0])[1]
    else:
        holding = described[0]
    return timezone(holding.offset)


def _of_iana(name: str) -> tzinfo | None:
    try:
        if name:
            return ZoneInfo(name)
        return None
    # What is no name at all may raise more than ZoneInfoNotFoundError.
    except (ValueError, OSError, KeyError):
        return None


def _fixed_zone(sign: str, hours: int, minutes: int) -> tzinfo | None:
    delta = timedelta(hours=hours, minutes=minutes)
    if delta >= timedelta(hours=24):
        return None
    return timezone(-delta if sign == "-" else delta)
