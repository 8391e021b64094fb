"""Find words in a typed line that ask for a repetition, English and Dutch: "every friday", "wekelijks". Pure functions.

A line that asks for it must not become one follow-up without a word about that: repetition_rule.py makes it a rule.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from followups.models.kind import FollowUpKind
from followups.quick_entry.vocabulary import KINDS, MONTHS, NUMBERS, PARTS, RELATIVE, UNITS, UNSURE, WEEKDAYS


@dataclass(frozen=True)
class Repetition:
    """A request for repetition. `day`: the day, or part of it, that it names; `unit` and `count`: the interval."""

    start: int
    end: int
    words: str
    day: str
    unit: str
    count: int


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# Units by which something is repeated, as `relativedelta` names them.
_REPEATED_UNITS = UNITS | {
    word: unit
    for unit, words in {
        "days": "weekday weekdays workday workdays werkdag werkdagen weekdag weekdagen night nacht nachten",
        "weeks": "weekend weekends",
        "months": "quarter quarters kwartaal kwartalen",
        "years": "year years yr jaar jaren",
    }.items()
    for word in words.split()
}
# How often an adverb says it is done: the unit and the count of it.
_ADVERBS = {
    word: (unit, count)
    for unit, count, words in (
        ("hours", 1, "hourly"),
        ("days", 1, "daily everyday dagelijks dagelijkse doordeweeks recurring repeating terugkerend terugkerende"),
        ("days", 1, "weekdays werkdagen"),
        ("weeks", 1, "weekly wekelijks wekelijkse"),
        ("weeks", 2, "biweekly bi-weekly fortnightly tweewekelijks tweewekelijkse"),
        ("months", 1, "monthly maandelijks maandelijkse"),
        ("months", 2, "bimonthly bi-monthly tweemaandelijks tweemaandelijkse"),
        ("months", 3, "quarterly"),
        ("years", 1, "yearly annually jaarlijks jaarlijkse"),
    )
    for word in words.split()
}
_EVERY = r"\b(?:every|each|elke?|iedere?)\s+"
_OTHER = r"other|second|third|2nd|3rd|few|couple\s+of|single|andere|tweede|derde|paar|enkele"
_COUNT = rf"\d{{1,3}}|{_any_of(NUMBERS)}"
_UNIT = rf"(?:working\s+|business\s+)?(?P<unit>{_any_of(_REPEATED_UNITS)})\b(?!['’-])"
_ORDINAL = r"(?:first|last|1st|2nd|3rd|4th|second|third|fourth|eerste|tweede|derde|vierde|laatste|other|andere)\s+"
_PARTS = rf"(?:\s+(?:{_any_of(PARTS)})s?\b)?"
# "every monday and thursday": the first is when.
_MORE_DAYS = rf"(?:\s*(?:,|&|and\b|en\b|or\b|of\b)\s*(?:{_any_of(WEEKDAYS)})s?\b)*"
_OF_MONTH = r"(?:\s+(?:of|in|van)\s+(?:the|each|every|de|elke)\s+(?:month|maand)\b)?"
_PLURAL_DAYS = _any_of([*(f"{day}s" for day in WEEKDAYS if len(day) > 3), "maandagen", "dinsdagen", "woensdagen"])
_PLURALS = rf"(?:{_PLURAL_DAYS}|donderdagen|vrijdagen|zaterdagen|zondagen)"

_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "let each do their part": no Thursday.
        rf"(?!\beach\s+do\b){_EVERY}(?:{_ORDINAL})?(?P<day>(?:{_any_of(WEEKDAYS)})(?:ochtend|morgen|middag|avond)?{_PARTS})\b"
        rf"(?!['’-]){_MORE_DAYS}{_OF_MONTH}",
        rf"{_EVERY}\d{{1,2}}(?:st|nd|rd|th|e|ste|de)\b(?:\s+day\b)?{_OF_MONTH}",
        rf"{_EVERY}(?P<day>(?:{_any_of(PARTS)}))\b(?!['’-])",
        rf"{_EVERY}(?:(?P<n>{_COUNT}|{_OTHER})\s+)?{_UNIT}",
        rf"\bom\s+de\s+(?:(?P<n>{_COUNT}|{_OTHER}|veertien)\s+)?{_UNIT}(?!\s+(?:van|te|of|voor|na|erop)\b)",
        rf"\b(?:once|twice|eens|eenmaal|tweemaal|(?:{_COUNT}|few|paar)\s?(?:x|times?|keer|maal))\s+"
        rf"(?:a|an|per|each|every|in\s+de|in\s+het|elke?|iedere?)\s+(?:(?P<n>{_COUNT})\s+)?{_UNIT}",
        r"\b(?:on|at|in|during|op|in\s+het|in\s+de)\s+(?:the\s+)?"
        r"(?P<unit>weekdays|weekends|workdays|(?:working|business)\s+days|werkdagen|weekdagen|weekenden)\b",
        r"\bdoor\s+de\s+(?P<unit>week)\b",
        rf"(?:\b(?:on|op)\s+|['’]s\s+)?\b(?P<plural>{_PLURALS})\b(?!['’-]){_MORE_DAYS}",
    )
)
_ADVERB = re.compile(rf"(?<![\w'’-])(?:{_any_of(_ADVERBS)})(?![\w'’-])", re.IGNORECASE)
_WORD = re.compile(r"[\w'’:.-]+")
# Behind these an adverb belongs to a thing: "about the weekly report", "binnen 3 werkdagen".
_OF_A_THING = frozenset(
    "the a an our their his her my your its this that about of de het een onze ons hun zijn haar mijn uw jouw deze "
    "dit dat over within after in binnen na van vorige last next volgende".split()
)
# In front of these it says how often something is done: "call weekly on tuesday", "weekly call".
_SAYS_HOW_OFTEN = frozenset(
    "at on by with to for from until till starting from before after about and om op met aan voor vanaf tot bij over "
    "tegen en in".split()
) | {
    *WEEKDAYS,
    *RELATIVE,
    *PARTS,
    *MONTHS,
    *(
        word
        for word, kind in KINDS.items()
        if kind in {FollowUpKind.CALL, FollowUpKind.EMAIL, FollowUpKind.TEXT, FollowUpKind.MEETING, FollowUpKind.VISIT}
    ),
    *("check", "check-in", "checkin", "follow-up", "followup", "reminder", "herinnering", "belafspraak"),
}


def find_repetition(line: str, *, names_day: Callable[[str], bool]) -> Repetition | None:
    """Return the first request for repetition in a line; None if there is none.

    `names_day` tells whether a line names a day: beside one, a bare "Fridays" is a name.
    """
    for pattern in _PHRASES:
        for match in pattern.finditer(line):
            parts = match.groupdict()
            if parts.get("plural") and _is_name(match, line, names_day):
                continue
            return _build_repetition(match, parts)
    for match in _ADVERB.finditer(line):
        if _says_how_often(match, line):
            unit, count = _ADVERBS[match[0].lower()]
            return Repetition(match.start(), match.end(), match[0], "", unit, count)
    return None


def _build_repetition(match: re.Match[str], parts: dict[str, str | None]) -> Repetition:
    unit = _REPEATED_UNITS.get((parts.get("unit") or "").lower(), "days")
    count = _units_between(parts.get("n") or "")
    day = parts.get("day") or _singular_day(parts.get("plural") or "")
    if day.lower() in UNSURE:
        # Written out, it is a day whatever follows.
        day = next(word for word in WEEKDAYS if WEEKDAYS[word] == WEEKDAYS[day.lower()])
    if (parts.get("unit") or "").lower().startswith(("quarter", "kwarta")):
        count *= 3
    if match[0].lower().startswith("om") and not parts.get("n"):
        count = 2
    return Repetition(match.start(), match.end(), match[0].strip(), day, unit, count)


def _units_between(word: str) -> int:
    """Return the number of units in an interval: "every other week" is two; a vague number is also two."""
    word = " ".join(word.lower().split())
    if word.isdigit():
        return max(int(word), 1)
    if word in ("third", "3rd", "derde"):
        return 3
    if word in ("", "single"):
        return 1
    if word == "veertien":
        return 14
    return NUMBERS.get(word, 2)


def _singular_day(plural: str) -> str:
    """Return the day of a plural: "fridays", "vrijdagen"."""
    for ending in ("en", "s"):
        if plural.lower().removesuffix(ending) in WEEKDAYS:
            return plural[: -len(ending)]
    return ""


def _is_name(match: re.Match[str], line: str, names_day: Callable[[str], bool]) -> bool:
    """True if a bare plural of a day is part of a name: "call TGI Fridays tomorrow"."""
    is_bare = match.start() == match.start("plural")
    return is_bare and names_day(f"{line[: match.start()]} {line[match.end() :]}")


def _says_how_often(match: re.Match[str], line: str) -> bool:
    words_before = _WORD.findall(line[: match.start()])
    behind = line[match.end() :].strip()
    if not words_before:
        return True
    before = words_before[-1].lower()
    if before in _OF_A_THING or before[0].isdigit() or before in NUMBERS:
        return False
    word = _WORD.match(behind)
    return word is None or word[0][0].isdigit() or word[0].lower() in _SAYS_HOW_OFTEN
