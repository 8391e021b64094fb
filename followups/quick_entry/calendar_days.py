"""Find days that a line names by the calendar: "on the 3rd", "end of month", "na kerst". Pure functions.

A day of the month, a part of a month or a holiday may also be the subject ("3rd floor", "end of month report"): it is
a day only where a time, an end or the subject's own preposition follows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from followups.quick_entry.holidays import find_holiday, holiday_names
from followups.quick_entry.vocabulary import KINDS, MONTHS, PARTS, UNSURE, WEEKDAYS


class CalendarDay(NamedTuple):
    """A day named in a line, and its position."""

    start: int
    end: int
    day: date


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_FOLLOWS = (
    r"(?!['’-])(?=\s*(?:$|[,.;:!?]|(?:at\s|om\s|@\s*)?\d|(?-i:[A-Z])|(?:about|with|for|re|regarding|at|to|from|in the|"
    rf"over|met|voor|aan|om|naar|'s|{_any_of(KINDS)}|{_any_of(PARTS)})\b))"
)
_NEXT = r"(?P<next>next|volgende?)"
_PREPOSITION = r"(?:\b(?:on|by|before|until|at|in|op|tegen|voor|uiterlijk)\s+)?"
_SUBJECT = re.compile(r"\b(?:about|re|regarding|over|betreft)\s+(?:the\s+|de\s+|het\s+)?$", re.IGNORECASE)

_ORDINAL = (
    rf"{_PREPOSITION}(?:\b(?P<weekday>{_any_of(set(WEEKDAYS) - UNSURE)})[,\s]+)?(?:\b(?:the|de)\s+)?"
    r"\b(?:(?P<number>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|e|ste|de)|(?P<first>first|eerste)(?=\s+(?:of|van)\s))\b"
)
_OF_MONTH = r"\s+(?:of|van)\s+(?:(?P<this>the|this|de|deze)|(?P<next>next|volgende))\s+(?:month|maand)\b(?!['’-])"
_START = ["start", "beginning", "begin", "early", "first day", "eerste dag"]
_MIDDLE = ["middle", "mid", "half", "halverwege", "medio"]
_END = ["end", "late", "eind", "einde", "ultimo", "last day", "laatste dag"]
_PERIODS = {"week": "week", "month": "month", "maand": "month", "quarter": "quarter", "kwartaal": "quarter"}
_PERIODS |= {"year": "year", "jaar": "year"}
_PART_OF_PERIOD = (
    rf"{_PREPOSITION}(?:\b(?:the|het)\s+)?\b(?P<position>{_any_of(_START + _MIDDLE + _END)})(?:\s+(?:of|van|in))?[\s-]+"
    rf"(?:(?:the|de|het|this|deze|dit|{_NEXT})\s+)?(?P<period>{_any_of([*_PERIODS, *MONTHS])})\b"
)
_SHORT_END = rf"{_PREPOSITION}\b(?:eo(?P<letter>[wmqy])|(?P<unit>week|month|quarter|year)[\s-]?end(?<!weekend))\b"
_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_WEEKEND = (
    r"(?:\b(?:on|in|during|at|by|tijdens|over(?=\s+(?:the|this|next)\b))\s+)?"
    r"(?:\b(?P<side>after|before|na|voor|vóór)\s+)?"
    rf"(?:\b(?:the|this|coming|this\s+coming|het|dit|komend)\s+|\b{_NEXT}\s+)?\bweekend\b"
)
_HOLIDAY = (
    r"(?:\b(?:on|in|by|at|op|met|tegen)\s+)?(?:\b(?P<side>after|before|na|voor|vóór)\s+)?(?:\b(?:the|de)\s+)?"
    rf"\b(?P<holiday>{_any_of(holiday_names())})(?!\w)"
)
_PERIOD = r"\b(?:next|volgende)\s+(?P<unit>week|month|maand)\b(?!['’-])"
_AFTER = {"after", "na"}
_BEFORE = {"before", "voor", "vóór"}


def find_calendar_day(line: str, today: date) -> CalendarDay | None:
    """Return the calendar day named in a line; None if there is none or it may be part of the subject."""
    return next(_find_days(line, today), None)


def _find_days(line: str, today: date) -> Iterator[CalendarDay]:
    for pattern, read in _READERS:
        for match in pattern.finditer(line):
            day = None
            if not _SUBJECT.search(line[: match.start()]):
                day = read(match, today)
            if day:
                yield CalendarDay(match.start(), match.end(), day)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    """Return the next such day; with a weekday only if that is one of the next two of this number."""
    number = int(match["number"] or 1)
    parts = match.groupdict()
    month = today.replace(day=1)
    if parts.get("next"):
        month += relativedelta(months=1)
    if parts.get("this") or parts.get("next"):
        return _in_month(month, number)
    months = (month + relativedelta(months=ahead) for ahead in range(12))
    days = [day for day in (_in_month(first, number) for first in months) if day and day >= today][:2]
    if not match["weekday"]:
        return days[0]
    return next((day for day in days if day.weekday() == WEEKDAYS[match["weekday"].lower()]), None)


def _in_month(first: date, number: int) -> date | None:
    day = first + timedelta(days=number - 1)
    if day.month == first.month:
        return day
    return None


def _part_of_period(match: re.Match[str], today: date) -> date | None:
    word = match["period"].lower()
    position = match["position"].lower()
    if word in MONTHS:
        day = _part_of_month(date(today.year, MONTHS[word], 1), position)
        if day >= today:
            return day
        return _part_of_month(date(today.year + 1, MONTHS[word], 1), position)
    if position == "half":
        # "in half a year" counts from today.
        return None
    return _day_in_period(_PERIODS[word], position, today, is_next=bool(match["next"]))


def _short_end(match: re.Match[str], today: date) -> date | None:
    unit = match["unit"] or _LETTERS[match["letter"].lower()]
    return _day_in_period(unit.lower(), "end", today, is_next=False)


def _day_in_period(unit: str, position: str, today: date, *, is_next: bool) -> date | None:
    """Return the first, middle or last day of the period; of the next period if this one's has passed."""
    if unit == "quarter" and position in _MIDDLE:
        return None
    start, length = _present_period(unit, today)
    if is_next:
        start += length
    day = _day_in(start, length, unit, position)
    if day >= today:
        return day
    return _day_in(start + length, length, unit, position)


def _present_period(unit: str, today: date) -> tuple[date, relativedelta]:
    """Return the first day of the period today is in, and its length."""
    if unit == "week":
        return today - timedelta(days=today.weekday()), relativedelta(weeks=1)
    if unit == "month":
        return today.replace(day=1), relativedelta(months=1)
    if unit == "quarter":
        return date(today.year, (today.month - 1) // 3 * 3 + 1, 1), relativedelta(months=3)
    return date(today.year, 1, 1), relativedelta(years=1)


def _day_in(start: date, length: relativedelta, unit: str, position: str) -> date:
    if unit == "week":
        if position in _START:
            days = 0
        elif position in _MIDDLE:
            days = 2
        else:
            days = 4
        return start + timedelta(days=days)
    if unit == "month":
        return _part_of_month(start, position)
    if position in _START:
        return start
    if position in _MIDDLE:
        return start.replace(month=7)
    return start + length - timedelta(days=1)


def _part_of_month(first: date, position: str) -> date:
    if position in _START:
        return first
    if position in _MIDDLE:
        return first.replace(day=15)
    return first + relativedelta(months=1, days=-1)


def _weekend_day(match: re.Match[str], today: date) -> date:
    """Return its Saturday, or today on a Sunday; the Monday after it, the Friday before it."""
    saturday = today + timedelta(days=5 - today.weekday())
    if match["next"]:
        saturday += timedelta(days=7)
    side = (match["side"] or "").lower()
    if side in _AFTER:
        return saturday + timedelta(days=2)
    if side in _BEFORE:
        friday = saturday - timedelta(days=1)
        if friday >= today:
            return friday
        return friday + timedelta(days=7)
    return max(saturday, today)


def _holiday_date(match: re.Match[str], today: date) -> date:
    """Return the next one; the day after it, the day before it."""
    day = find_holiday(match["holiday"], today)
    side = (match["side"] or "").lower()
    if side in _AFTER:
        return day + timedelta(days=1)
    if side in _BEFORE and day > today:
        return day - timedelta(days=1)
    return day


def _next_period(match: re.Match[str], today: date) -> date:
    if match["unit"].lower() == "week":
        return today + timedelta(days=7 - today.weekday())
    return today + relativedelta(months=1)


_Read = Callable[[re.Match[str], date], date | None]
_READERS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (_HOLIDAY + _FOLLOWS, _holiday_date),
        (_ORDINAL + _OF_MONTH, _day_of_month),
        (rf"{_ORDINAL}(?!\s+(?:of\s+)?(?:{_any_of(MONTHS)})\b){_FOLLOWS}", _day_of_month),
        (_PART_OF_PERIOD + _FOLLOWS, _part_of_period),
        (_SHORT_END + _FOLLOWS, _short_end),
        (_WEEKEND + _FOLLOWS, _weekend_day),
        (_PERIOD, _next_period),
    )
)
