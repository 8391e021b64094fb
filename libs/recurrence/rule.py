"""RecurrenceRule: a parsed RRULE of RFC 5545, section 3.3.10, with everything that section forbids refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from libs.sentence import Sentence as _

FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# No rule that anybody needs is longer.
LONGEST_TEXT = 2000
LARGEST_NUMBER = 100_000
_RANGES = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
}
# The parts in the order in which a rule is written.
_PARTS = ("FREQ", "UNTIL", "COUNT", "INTERVAL", *_RANGES, "BYDAY", "WKST")
_FORBIDDEN = {
    "BYWEEKNO": frozenset(FREQUENCIES) - {"YEARLY"},
    "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
    "BYMONTHDAY": frozenset({"WEEKLY"}),
}


class InvalidRule(ValueError):
    """A text is not a recurrence rule. `sentence` says why."""

    def __init__(self, sentence: _) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class RuleDay:
    """A day of BYDAY. `nth`: 1 is the first of the month or year, -1 the last, 0 every one."""

    weekday: int
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.nth or ''}{WEEKDAYS[self.weekday]}"


@dataclass(frozen=True)
class RecurrenceRule:
    """An RRULE. `until` is a date, which is included, a local time, or an instant in UTC."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_month: tuple[int, ...] = ()
    by_week_number: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[RuleDay, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_position: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """Return the rule as RFC 5545 writes it, without the property's name."""
        parts = [("FREQ", self.freq), ("UNTIL", _format_until(self.until)), ("COUNT", str(self.count or ""))]
        if self.interval > 1:
            parts.append(("INTERVAL", str(self.interval)))
        lists = {
            "BYMONTH": self.by_month,
            "BYWEEKNO": self.by_week_number,
            "BYYEARDAY": self.by_year_day,
            "BYMONTHDAY": self.by_month_day,
            "BYDAY": self.by_day,
            "BYHOUR": self.by_hour,
            "BYMINUTE": self.by_minute,
            "BYSECOND": self.by_second,
            "BYSETPOS": self.by_set_position,
        }
        parts += [(name, ",".join(map(str, values))) for name, values in lists.items()]
        if self.week_start:
            parts.append(("WKST", WEEKDAYS[self.week_start]))
        return ";".join(f"{name}={value}" for name, value in parts if value)


def parse_rule(text: str) -> RecurrenceRule:
    """Return the rule of a text like "FREQ=WEEKLY;BYDAY=MO", with or without "RRULE:". Raises InvalidRule."""
    parts = _split_parts(text)
    freq = parts.get("FREQ", "")
    if freq not in FREQUENCIES:
        raise InvalidRule(_("A rule starts with how often it repeats, for example FREQ=WEEKLY."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise InvalidRule(_("A rule ends after a number of times (COUNT) or at a time (UNTIL), not both."))
    lists = {name: _numbers(name, parts[name]) if name in parts else () for name in _RANGES}
    days = _read_list(parts, "BYDAY", _rule_day)
    _check_combination(freq, parts, days)
    return RecurrenceRule(
        freq=freq,
        interval=_positive(parts, "INTERVAL") or 1,
        count=_positive(parts, "COUNT"),
        until=_read_until(parts.get("UNTIL", "")),
        by_month=lists["BYMONTH"],
        by_week_number=lists["BYWEEKNO"],
        by_year_day=lists["BYYEARDAY"],
        by_month_day=lists["BYMONTHDAY"],
        by_day=days,
        by_hour=lists["BYHOUR"],
        by_minute=lists["BYMINUTE"],
        # A leap second is the second before it (RFC 5545, section 3.3.12).
        by_second=tuple(dict.fromkeys(min(second, 59) for second in lists["BYSECOND"])),
        by_set_position=lists["BYSETPOS"],
        week_start=_weekday(parts.get("WKST", "MO")),
    )


def _split_parts(text: str) -> dict[str, str]:
    text = text.strip().upper()
    if len(text) > LONGEST_TEXT:
        raise InvalidRule(_("The rule is too long."))
    parts: dict[str, str] = {}
    for part in text.removeprefix("RRULE:").split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not part.strip() and parts:
            continue  # A semicolon at the end.
        if not equals or not value or name not in _PARTS:
            raise InvalidRule(_("“%(part)s” is not a part of a rule.") % {"part": part.strip()[:40]})
        if name in parts:
            raise InvalidRule(_("%(name)s is there twice.") % {"name": name})
        parts[name] = value
    return parts


def _check_combination(freq: str, parts: dict[str, str], days: tuple[RuleDay, ...]) -> None:
    """Raise InvalidRule for parts that RFC 5545 does not allow together."""
    for name, frequencies in _FORBIDDEN.items():
        if name in parts and freq in frequencies:
            raise InvalidRule(_("%(name)s does not go with FREQ=%(freq)s.") % {"name": name, "freq": freq})
    if any(day.nth for day in days) and (freq not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts):
        raise InvalidRule(_("A numbered day such as 2MO needs FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO."))
    others = [name for name in parts if name.startswith("BY") and name != "BYSETPOS"]
    if "BYSETPOS" in parts and not others:
        raise InvalidRule(_("BYSETPOS needs another part that starts with BY."))


def _read_list(parts: dict[str, str], name: str, read: Callable[[str], RuleDay]) -> tuple[RuleDay, ...]:
    if name not in parts:
        return ()
    return tuple(dict.fromkeys(read(word.strip()) for word in parts[name].split(",")))


def _rule_day(word: str) -> RuleDay:
    weekday = _weekday(word[-2:])
    if len(word) == 2:
        return RuleDay(weekday)
    nth = _number("BYDAY", word[:-2])
    if nth == 0 or abs(nth) > 53:
        raise InvalidRule(_("“%(value)s” is not a value of %(name)s.") % {"value": word[:20], "name": "BYDAY"})
    return RuleDay(weekday, nth)


def _weekday(word: str) -> int:
    if word not in WEEKDAYS:
        raise InvalidRule(
            _("“%(word)s” is not a weekday; these are MO, TU, WE, TH, FR, SA and SU.") % {"word": word[:20]}
        )
    return WEEKDAYS.index(word)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    lowest, highest = _RANGES[name]
    values = tuple(dict.fromkeys(_number(name, word.strip()) for word in text.split(",")))
    for value in values:
        if not lowest <= value <= highest or (value == 0 and lowest < 0):
            raise InvalidRule(_("“%(value)s” is not a value of %(name)s.") % {"value": value, "name": name})
    return values


def _number(name: str, word: str) -> int:
    digits = word[1:] if word[:1] in ("+", "-") else word
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        raise InvalidRule(_("“%(value)s” is not a value of %(name)s.") % {"value": word[:20], "name": name})
    return int(word)


def _positive(parts: dict[str, str], name: str) -> int | None:
    if name not in parts:
        return None
    value = _number(name, parts[name])
    if not 0 < value <= LARGEST_NUMBER:
        raise InvalidRule(_("%(name)s is a whole number from 1 to %(most)s.") % {"name": name, "most": LARGEST_NUMBER})
    return value


def _read_until(text: str) -> date | datetime | None:
    if not text:
        return None
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidRule(_("UNTIL is a day or time such as 20261231 or 20261231T120000Z.")) from None
    if text.endswith("Z"):
        return moment
    return moment.replace(tzinfo=None)


def _format_until(until: date | datetime | None) -> str:
    if until is None:
        return ""
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}"
    if until.tzinfo is None:
        return f"{until:%Y%m%dT%H%M%S}"
    return f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
