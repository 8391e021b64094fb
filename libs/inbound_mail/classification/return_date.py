"""Return dates in absence notices: "back on 3 December", "bis einschließlich 12.11."."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from libs.inbound_mail.lexicon import any_of, load_words

_LONGEST = 3_000
_NEAR = 70
# A date without its year is the next one, or one that is just over.
_JUST_OVER = timedelta(days=30)
_FURTHEST = timedelta(days=730)
_WORDS = load_words("dates")
_MONTHS = {name: number for number, names in enumerate(_WORDS["months"], 1) for name in names}
_DAYS = {name: number for number, names in enumerate(_WORDS["days"]) for name in names}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DAY = "|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<iso_y>20\d\d)-(?P<iso_m>\d\d)-(?P<iso_d>\d\d)\b"
    rf"|\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.|e|de)?\s{{0,3}}(?:of |de "
    rf"|di )?(?P<m>{_MONTH})\b\.?(?:,? {{0,2}}(?:de |del )?(?P<y>20\d\d))?"
    rf"|\b(?P<m2>{_MONTH})\.? {{0,2}}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? {{0,2}}(?P<y2>20\d\d))?"
    rf"|\b(?P<n1>\d{{1,2}})(?P<sep>[./-])(?P<n2>\d{{1,2}})(?:(?P=sep)(?P<n3>20\d\d|\d\d)?)?(?!\d|[.:]\d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"\b(?:{_DAY})\b", re.IGNORECASE)
_RETURN = any_of(_WORDS["back"], r"\b(?:%s)\b")
_UNTIL = any_of(_WORDS["until"], r"\b(?:%s)(?=\W)")
_INCLUDED = any_of(_WORDS["included"], r"\b(?:%s)")
_SENTENCE_ENDS = re.compile(r"[!?\n]|\.(?=\s+[A-ZÀ-Þ]|\s*$)")


@dataclass(frozen=True, slots=True)
class _Found:
    """A day in a text: its position, and whether as a date or weekday."""

    start: int
    end: int
    day: date


def returns_on(text: str, sent: datetime) -> date | None:
    """Return the first day a person is back; None if the text names none."""
    text = " ".join(text[:_LONGEST].replace("\u00a0", " ").split(" "))
    american = bool(sent.utcoffset() and sent.utcoffset() < timedelta(hours=-3))  # type: ignore[operator]
    days = list(_find_days(text, sent.date(), american=american))
    for one in days:
        # "Back on 3 December", and "am 3. Dezember wieder da".
        if _RETURN.search(_words_before(text, one, days)) or _RETURN.match(text[one.end : one.end + 25].lstrip()):
            return one.day
    for one in days:
        before = _words_before(text, one, days)
        behind = text[one.end : one.end + 15]
        if _UNTIL.search(before + " "):
            included = _INCLUDED.search(before) or _INCLUDED.search(behind)
            if included:
                return one.day + timedelta(days=1)
            return one.day
    return None


def _words_before(text: str, one: _Found, found: list[_Found]) -> str:
    """Return the words of the sentence before a date, back to the previous date."""
    start = max([0, one.start - _NEAR, *(other.end for other in found if other.end <= one.start)])
    window = text[start : one.start]
    ends = [end.end() for end in _SENTENCE_ENDS.finditer(window)]
    if ends and window[ends[-1] :].strip():
        return window[ends[-1] :]
    return window


def _find_days(text: str, sent: date, *, american: bool) -> Iterator[_Found]:
    dates = [
        _Found(match.start(), match.end(), day)
        for match in _DATE.finditer(text)
        if (day := _date_of_match(match, sent, american=american)) and sent - _JUST_OVER <= day <= sent + _FURTHEST
    ]
    taken = [(one.start - 25, one.end) for one in dates]
    weekdays = [
        _Found(match.start(), match.end(), _next_weekday(_DAYS[match[0].lower()], sent))
        for match in _WEEKDAY.finditer(text)
        # "Monday 3 December" is its date.
        if not any(start <= match.start() <= end for start, end in taken)
    ]
    yield from sorted([*dates, *weekdays], key=lambda one: one.start)


def _next_weekday(weekday: int, sent: date) -> date:
    return sent + timedelta(days=(weekday - sent.weekday() - 1) % 7 + 1)


def _date_of_match(match: "re.Match[str]", sent: date, *, american: bool) -> date | None:
    groups = match.groupdict()
    if groups["iso_y"]:
        return _valid_date(int(groups["iso_y"]), int(groups["iso_m"]), int(groups["iso_d"]))
    if groups["d"]:
        return _nearest_date(groups["y"], _MONTHS[groups["m"].lower()], int(groups["d"]), sent)
    if groups["d2"]:
        return _nearest_date(groups["y2"], _MONTHS[groups["m2"].lower()], int(groups["d2"]), sent)
    first = int(groups["n1"])
    second = int(groups["n2"])
    month_first = groups["sep"] == "/" and (second > 12 or (american and first <= 12))
    if month_first:
        day, month = (second, first)
    else:
        day, month = (first, second)
    return _nearest_date(groups["n3"], month, day, sent)


def _nearest_date(year: str | None, month: int, day: int, sent: date) -> date | None:
    if year:
        return _valid_date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _valid_date(sent.year, month, day)
    if this_year is None or this_year >= sent - _JUST_OVER:
        return this_year
    return _valid_date(sent.year + 1, month, day)


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
