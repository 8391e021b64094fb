"""Parse a typed line such as "call tue 3pm", "bel di 15:00", "in 2 weeks call" into what and when. Pure functions.

Times are the reader's local ones. A day without a time is nine o'clock; a time without a day is the next such time.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from crm.jobs.next_step.kinds import called, code_of
from followups.models.kind import Kind
from followups.quick_entry.calendar_days import find_calendar_day
from followups.quick_entry.leftover import DAY, drop_agreeing_weekday, means_other_day, names_vague_day
from followups.quick_entry.repetition import Repetition, find_repetition
from followups.quick_entry.vocabulary import (
    HALVES,
    KINDS,
    MONTHS,
    NUMBERS,
    PARTS,
    PASSED,
    RELATIVE,
    UNITS,
    UNSURE,
    WEEKDAYS,
)

OPENING, CLOSING = time(9), time(17)
LONGEST = 200
# Placeholders for a type's own name, and for words that ask for a repetition; nobody types them.
KEPT, REPEATED = "\ue000", "\ue001"


class NotUnderstood(ValueError):
    """A line can't be understood; the message is one sentence for the person who typed it."""


@dataclass(frozen=True)
class Understood:
    """The result of parsing. `at` is local to the zone of the `now` that was given."""

    # The code of a type.
    kind: str
    subject: str
    at: datetime
    # The words that ask for a repetition, which stay in the subject; blank for none. `at` is the first time.
    repeats: str = ""


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _compiled(*named: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in named)


_AT = r"(?:\b(?:at|om|@)\s*|@)"
_HALF = r"am|pm|a\.m\.|p\.m\."
_TIMES = _compiled(
    (
        "words",
        rf"{_AT}?\b(?P<from>{_any(HALVES)})\s+(?P<h>\d{{1,2}}|{_any(set(NUMBERS) - {'a', 'an'})})\b"
        rf"(?!\s*(?:{_any(UNITS)})\b)(?:\s?(?P<half>{_HALF})(?!\w))?",
    ),
    ("pm", rf"{_AT}?\b(?P<h>\d{{1,2}})(?:[:.](?P<m>\d\d))?\s?(?P<half>{_HALF})(?!\w)"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}}):(?P<m>\d\d)\b(?:\s?(?:u|uur|h)\b)?"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}})[.](?P<m>\d\d)\b(?:\s?(?:u|uur|h)\b)?"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}})\s?(?:u(?:ur)?|h)(?P<m>\d\d)\b"),
    ("bare", rf"{_AT}?\b(?P<h>\d{{1,2}})\s?(?:u(?:ur)?|h)\b"),
    ("bare", rf"{_AT}(?P<h>\d{{1,2}})\b(?!\s*(?:{_any(UNITS)})\b)"),
)
# "9-10am": the first is when. An am or pm of the second is also the first's, but "11-1pm" begins before noon.
_UNTIL = re.compile(
    rf"\b(?P<h>\d{{1,2}})(?P<m>[:.]\d\d)?\s?(?P<half>{_HALF})?\s?(?:[-–]|to|tot)\s?"
    rf"(?P<until>\d{{1,2}})(?:[:.]\d\d)?\s?(?:(?P<last>{_HALF})|(?:uur|u|h)\b)(?!\w)",
    re.IGNORECASE,
)
# What leads up to a day or a time, and goes with it.
_BEFORE = re.compile(r"(?:^|\s)(?:by|before|until|from|tegen|voor|vóór|van|vanaf|uiterlijk)\s*$", re.IGNORECASE)
_PART = re.compile(rf"(?:(?:\b(?:in the|at|this|in de|om)|'s)\s+)?\b(?P<part>{_any(PARTS)})s?\b", re.IGNORECASE)
# An hour alone, and "3-4", which is a date only where nothing else names a day, and nothing is counted by it.
_HOUR = re.compile(r"(?<![\w.,:#€$-])(?P<h>\d{1,2})(?![\w.,:%/-])")
_SHORT_DATE = re.compile(r"(?<![\w-])(?P<a>\d{1,2})-(?P<b>\d{1,2})(?P<y>)(?=\s*(?:$|(?:at |om |@)?\d))", re.IGNORECASE)
_WEEKDAY = (
    r"\b(?:(?:on|op)\s+)?(?:(?P<next>next|volgende)\s+|(?:this|coming|deze|komende|aanstaande)\s+)?"
    rf"(?P<day>{_any(WEEKDAYS)})(?P<part>ochtend|morgen|middag|avond)?\b(?:\s+a\.?s\b\.?)?"
)
_N_UNITS = rf"\b(?P<n>\d{{1,3}}|{_any(NUMBERS)})\s+(?P<unit>{_any(UNITS)})\b"
_SURE, _PERHAPS = _any(set(WEEKDAYS) - UNSURE), rf"(?:{_any(UNSURE)})(?=\s*(?:$|(?:at |om |@)?\d))"
_DATES = _compiled(
    ("iso", r"\b(?:on |op )?(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    ("slash", r"\b(?:on |op )?(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}))?\b"),
    ("slash", r"\b(?:on |op )?(?P<a>\d{1,2})-(?P<b>\d{1,2})-(?P<y>\d{4})\b"),
    (
        "named",
        rf"\b(?:on |op )?(?:the |de )?(?P<d>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<month>{_any(MONTHS)})\b\.?"
        r"(?:,?\s+(?P<y>\d{4})\b)?",
    ),
    (
        "named",
        rf"\b(?:on |op )?(?P<month>{_any(MONTHS)})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"(?![:.]\d|\s?(?:uur|u|h|{_HALF})\b)(?:,\s*(?P<y>\d{{4}})\b)?",
    ),
    ("away", rf"{_N_UNITS}\s+(?:from|vanaf)\s+(?:now|today|nu|vandaag)\b"),
    ("away", rf"\b(?:in|over|after)\s+{_N_UNITS}(?:['’]?\s+time\b)?"),
    ("half_hour", r"\b(?:in|over)\s+(?:half\s+an?\s+hour|een\s+half\s?uur(?:tje)?)\b"),
    ("relative", rf"\b(?P<word>day after tomorrow|{_any(RELATIVE)})(?P<part>ochtend|middag|avond)?\b"),
    ("tonight", r"\b(?:tonight|vanavond)\b"),
    ("later", r"\b(?P<part>vanmiddag|vanochtend)\b"),
    ("in_week", rf"\b(?:next|volgende)\s+week\s+(?:on\s+|op\s+)?(?P<day>{_SURE}|{_PERHAPS})(?!\w)"),
    ("in_week", rf"\b(?:(?:on|op)\s+)?(?P<day>{_SURE})\s+(?:of\s+)?(?:next|volgende)\s+week\b"),
    ("day_end", r"\b(?:end of (?:the )?day|eod|eind(?:e)?(?: van)? de dag)\b"),
)


def understand(
    text: str,
    now: datetime,
    *,
    month_first: bool = False,
    own: Mapping[str, str] | None = None,
    hidden: Collection[str] = (),
) -> Understood:
    """Parse one line, as of `now` (aware, in the reader's zone). Raises NotUnderstood with a sentence.

    `own`: the codes of types by names that come before our words; `hidden`: the codes no word leads to.
    """
    reading = _Reading(" ".join(re.sub(f"[{KEPT}{REPEATED}{DAY}]", "", text).split())[:LONGEST], now, month_first)
    reading.keep(own or {})
    return reading.result(hidden)


class _Reading:
    """One line being parsed: what is recognised is cut out of `rest`, which in the end is the subject."""

    def __init__(self, text: str, now: datetime, month_first: bool) -> None:
        self.rest, self.now, self.month_first = text, now, month_first
        self.day: date | None = None
        self.time: time | None = None
        self.instant: datetime | None = None
        # The type that was called by its own name, and the name as it was written.
        self.kind, self.name = "", ""
        self.repetition: Repetition | None = None

    def keep(self, own: Mapping[str, str]) -> None:
        """Replace a type's own name by a placeholder: it may contain a day, such as "Sunday visit"."""
        if found := called(self.rest, own):
            self.kind, self.name = code_of(found, own), found[0]
            self.rest = f"{self.rest[: found.start()]}{KEPT}{self.rest[found.end() :]}"

    def result(self, hidden: Collection[str]) -> Understood:
        if not self.rest:
            raise NotUnderstood(_("Write what to do and when, such as “call tue 3pm”."))
        self._read_repetition()
        self._read_date()
        if self.instant is None:
            self._read_time()
        self._refuse_leftover()
        self._begin_repetition()
        at = self._at()
        if at <= self.now:
            raise NotUnderstood(_("That moment has passed."))
        if at - self.now > timedelta(days=3660):
            raise NotUnderstood(_("That is more than ten years away."))
        subject = re.sub(r" ([,.;])", r"\1", " ".join(self.rest.split())).strip(" ,.;:!-–")[:120]
        known = (KINDS[word] for word in re.findall(r"[\w'-]+", subject.lower()) if word in KINDS)
        kind = self.kind or str(next((found for found in known if found not in hidden), Kind.TASK))
        repeats = self.repetition.words if self.repetition else ""
        subject = subject.replace(KEPT, self.name).replace(REPEATED, repeats)[:120]
        subject = subject[:1].upper() + subject[1:] if subject else str(Kind.TASK.label)
        return Understood(kind, subject, at, repeats)

    # Repetitions

    def _read_repetition(self) -> None:
        """Replace words that ask for a repetition by a placeholder and the day they name, to be read next."""
        repetition = find_repetition(self.rest, names_day=self._names_day)
        if repetition:
            self.repetition = repetition
            self.rest = f"{self.rest[: repetition.start]}{REPEATED} {repetition.day} {self.rest[repetition.end :]}"

    def _names_day(self, line: str) -> bool:
        other = _Reading(line, self.now, self.month_first)
        try:
            other._read_date()
        except NotUnderstood:
            return True
        return other.day is not None or other.instant is not None

    def _begin_repetition(self) -> None:
        """Where no day is named, the first time is one interval from now; a time alone is the next such time."""
        if self.repetition is None or self.day or self.instant:
            return
        unit, count = self.repetition.unit, self.repetition.count
        if unit in ("minutes", "hours"):
            self._pass(timedelta(**{unit: count}))
        elif self.time is None or (unit, count) != ("days", 1):
            self.day = self.now.date() + relativedelta(**{unit: count})  # type: ignore[arg-type]

    # Days

    def _read_date(self) -> None:
        for name, pattern in _DATES:
            found = self._cut(pattern, DAY)
            if found:
                _READERS[name](self, found)
                return
        if calendar_day := find_calendar_day(self.rest, self.now.date()):
            self._replace(calendar_day.start, calendar_day.end, DAY)
            self.day = calendar_day.day
            return
        if self._read_weekday():
            return
        if found := self._cut(_SHORT_DATE, DAY):
            self._read_slash(found)
        elif re.search(rf"\b(?:{_any(PASSED)})\b(?!['’])", self.rest, re.IGNORECASE):
            raise NotUnderstood(_("That moment has passed."))

    def _read_weekday(self) -> bool:
        for found in re.finditer(_WEEKDAY, self.rest, re.IGNORECASE):
            word = found["day"].lower()
            behind = self.rest[found.end() :].strip()
            if (
                word in UNSURE
                and not found["part"]
                and behind
                and not re.match(r"(?:at |om |@)?\d", behind, re.IGNORECASE)
            ):
                continue
            self._replace(found.start(), found.end(), DAY)
            self.time = time(PARTS[found["part"].lower()]) if found["part"] else None
            away = (WEEKDAYS[word] - self.now.weekday()) % 7
            monday = self.now.date() - timedelta(days=self.now.weekday())
            self.day = self.now.date() + timedelta(days=away)
            if found["next"]:
                self.day = monday + timedelta(days=7 + WEEKDAYS[word])
            elif away == 0:
                self._read_time()
                passed = self.time is None or datetime.combine(self.day, self.time, self.now.tzinfo) <= self.now
                self.day += timedelta(days=7 if passed else 0)
            return True
        return False

    def _read_named(self, found: re.Match[str]) -> None:
        self.day = self._date(found["y"], MONTHS[found["month"].lower()], int(found["d"]))

    def _read_iso(self, found: re.Match[str]) -> None:
        self.day = self._date(found["y"], int(found["m"]), int(found["d"]))

    def _read_slash(self, found: re.Match[str]) -> None:
        first, second = int(found["a"]), int(found["b"])
        month, day = (first, second) if self.month_first else (second, first)
        self.day = self._date(found["y"], month, day)

    def _date(self, year: str | None, month: int, day: int) -> date:
        """Build a date; without a year its next one."""
        today = self.now.date()
        years = [int(year)] if year else range(today.year, today.year + 9)
        for candidate in years:
            try:
                found = date(candidate, month, day)
            except ValueError:
                continue
            if year or found >= today:
                return found
        raise NotUnderstood(_("There is no such day."))

    def _read_away(self, found: re.Match[str]) -> None:
        number, unit = found["n"].lower(), UNITS[found["unit"].lower()]
        count = int(number) if number.isdigit() else NUMBERS[number]
        if unit in ("minutes", "hours"):
            self._pass(timedelta(**{unit: count}))
        else:
            # The type is relativedelta's own: days, weeks or months.
            self.day = self.now.date() + relativedelta(**{unit: count})  # type: ignore[arg-type]

    def _read_half_hour(self, found: re.Match[str]) -> None:
        self._pass(timedelta(minutes=30))

    def _pass(self, time_passed: timedelta) -> None:
        # Elapsed time, not wall time: a change of the clock in between must not stretch it.
        later = self.now.timestamp() + time_passed.total_seconds()
        self.instant = datetime.fromtimestamp(later, self.now.tzinfo).replace(second=0, microsecond=0)

    def _read_relative(self, found: re.Match[str]) -> None:
        self.day = self.now.date() + timedelta(days=RELATIVE[found["word"].lower()])
        if found["part"]:
            self.time = time(PARTS[found["part"].lower()])

    def _read_tonight(self, found: re.Match[str]) -> None:
        self.day, self.time = self.now.date(), time(PARTS["evening"])

    def _read_later(self, found: re.Match[str]) -> None:
        self.day, self.time = self.now.date(), time(PARTS[found["part"].lower().removeprefix("van")])

    def _read_in_week(self, found: re.Match[str]) -> None:
        away = 7 - self.now.weekday() + WEEKDAYS[found["day"].lower()]
        self.day = self.now.date() + timedelta(days=away)

    def _read_day_end(self, found: re.Match[str]) -> None:
        self.day = self.now.date()

    # Times

    def _read_time(self) -> None:
        self.rest = _UNTIL.sub(_beginning, self.rest)
        for name, pattern in _TIMES:
            if found := self._cut(pattern):
                self.time = _time(found, name)
                return
        # "tomorrow 9": a number alone is a time when a day was named.
        if self.day and (found := self._cut(_HOUR)):
            self.time = _time(found, "bare")
        elif found := self._cut(_PART):
            self.time = time(PARTS[found["part"].lower()])

    def _at(self) -> datetime:
        if self.instant:
            return self.instant
        zone, today = self.now.tzinfo, self.now.date()
        if self.day is None:
            if self.time is None:
                raise NotUnderstood(_("When? Name a day or a time, such as “tomorrow”, “tue 3pm” or “in 2 weeks”."))
            at = datetime.combine(today, self.time, zone)
            return at if at > self.now else datetime.combine(today + timedelta(days=1), self.time, zone)
        if self.time is None and self.day == today:
            closing = datetime.combine(today, CLOSING, zone)
            return closing if closing > self.now else (self.now + timedelta(hours=1)).replace(second=0, microsecond=0)
        return datetime.combine(self.day, self.time or OPENING, zone)

    # Words

    def _cut(self, pattern: re.Pattern[str], mark: str = "") -> re.Match[str] | None:
        found = pattern.search(self.rest)
        if found:
            self._replace(found.start(), found.end(), mark)
        return found

    def _replace(self, start: int, end: int, mark: str) -> None:
        self.rest = f"{_BEFORE.sub('', self.rest[:start])} {mark} {self.rest[end:]}"

    def _refuse_leftover(self) -> None:
        """Raise NotUnderstood if what is left of the line says that another day is meant than the one read."""
        if self.day:
            self.rest = drop_agreeing_weekday(self.rest, self.day)
        is_time_alone = self.time is not None and self.day is None and self.instant is None
        if means_other_day(self.rest) or (is_time_alone and names_vague_day(self.rest)):
            raise NotUnderstood(_("That day is not understood. Write it like “fri 3pm”, “12 june” or “end of month”."))
        self.rest = self.rest.replace(DAY, " ")


def _beginning(found: re.Match[str]) -> str:
    """Return the beginning of a time range, as one would write it alone."""
    half = found["half"] or found["last"] or ""
    if not found["half"] and half.lower().startswith("p") and int(found["h"]) % 12 > int(found["until"]) % 12:
        half = "am"
    return f"{found['h']}{found['m'] or ''}{half}" if half or found["m"] else f"{found['h']} uur"


def _time(found: re.Match[str], how: str) -> time:
    """Build a time of day from its parts. Raises NotUnderstood for an hour that does not exist."""
    parts = found.groupdict()
    hour = NUMBERS.get(parts["h"].lower()) or int(parts["h"])
    minute = int(parts.get("m") or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise NotUnderstood(_("There is no such time."))
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    if how == "words":
        minute = HALVES[" ".join(parts["from"].lower().split())]
        hour, minute = hour + minute // 60, minute % 60
    # Nobody is called at three in the night: a small number alone is of the afternoon.
    if how in ("bare", "words") and not parts.get("half") and hour < 7 and not parts["h"].startswith("0"):
        hour += 12
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("There is no such time."))
    return time(hour, minute)


_READERS: dict[str, Callable[[_Reading, re.Match[str]], None]] = {
    "iso": _Reading._read_iso,
    "slash": _Reading._read_slash,
    "named": _Reading._read_named,
    "away": _Reading._read_away,
    "half_hour": _Reading._read_half_hour,
    "relative": _Reading._read_relative,
    "tonight": _Reading._read_tonight,
    "later": _Reading._read_later,
    "in_week": _Reading._read_in_week,
    "day_end": _Reading._read_day_end,
}
