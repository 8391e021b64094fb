"""Find words that modify a date: "a week from monday", "first friday of", "monday or tuesday".

Such a line must not become a follow-up on the day that happened to be recognised. Pure functions.
"""

import re
from collections.abc import Iterable
from datetime import date

from followups.quick_entry.vocabulary import MONTHS, NUMBERS, RELATIVE, UNITS, UNSURE, WEEKDAYS

# Stands where a day was cut out of the line; nobody types it.
DAY = "\ue002"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_UNITS = _any_of(
    [*(unit for unit in UNITS if UNITS[unit] not in ("minutes", "hours")), "year", "years", "jaar", "jaren"]
)
_WEEKDAY = rf"(?:{_any_of(set(WEEKDAYS) - UNSURE)})"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th|e|ste|de)"
_ANY_DAY = rf"(?:(?:on|op|the|de|next|volgende)\s+){{0,3}}(?:{_WEEKDAY}|{_any_of(RELATIVE)}|{_ORDINAL}|{DAY})(?!\w)"
_BESIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:every|each|elke?|iedere?|after|na|since|sinds|past|last|vorige|afgelopen|later|first|second|third|fourth|"
        rf"eerste|tweede|derde|vierde|laatste|of|around|rond|{_ORDINAL}|{_UNITS})\s+(?:(?:of|in|van|the|de)\s+){{0,3}}{DAY}",
        rf"{DAY}\s*(?:['’]|(?:after\s+next|{_UNITS})\b)",
        rf"{DAY}\s*(?:the\s+|de\s+)?(?:{_ORDINAL}\b|(?:of|in|van)\s+(?:the\s+|de\s+)?(?:month|maand|{_any_of(MONTHS)})\b)",
        rf"{DAY}\s*(?:or|and|to|through|till|until|of|en|tot|t/m|&|/|,|-|–)\s*{_ANY_DAY}",
        rf"{DAY}\s*(?:or|of)\s+(?:\d|(?:{_any_of(NUMBERS)})\b)",
        rf"(?:{_WEEKDAY}|{_ORDINAL})\s*(?:or|and|to|through|till|until|of|en|tot|t/m|&|/|-|–)\s*{DAY}",
    )
)
_NAMED_BEFORE = re.compile(
    rf"\b(?:(?:on|op)\s+)?(?P<weekday>{_WEEKDAY})[,\s]+(?:the\s+|de\s+)?(?={DAY})", re.IGNORECASE
)
# Where only a time is understood, these say that another day is meant.
_VAGUE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:in|over|after|na|next|this|last|volgende?|deze|dit|vorige?|komende?|few|paar|couple\s+of|of|van|\d+)\s+"
        rf"(?:the\s+|de\s+|het\s+)?(?:(?:business|working|few|paar)\s+)?(?:{_UNITS}|quarter|kwartaal|weekend|werkdag|"
        r"werkdagen|(?:business|working)\s+days?|spring|summer|fall|autumn|winter|voorjaar|zomer|najaar)\b(?!['’])",
        r"\bweek\s+\d|\bq[1-4]\b|\b(?:soon|binnenkort)\b",
        rf"\b(?:in|by|before|after|until|tegen|na|rond|around|early|late|mid)[\s-]+(?:{_any_of(MONTHS)})\b(?!['’])",
        rf"\b(?:on|by|op|after|na)\s+(?:the\s+|de\s+)?{_ORDINAL}\s+(?:and|or|of|en)\b",
    )
)


def drop_agreeing_weekday(rest: str, day: date) -> str:
    """Return the line without the weekday before its date, if they agree: "monday 7 december"."""
    match = _NAMED_BEFORE.search(rest)
    if match and WEEKDAYS[match["weekday"].lower()] == day.weekday():
        return rest[: match.start()] + rest[match.end() :]
    return rest


def means_other_day(rest: str) -> bool:
    """True if the words next to the date change its meaning, or name several dates."""
    return bool(_NAMED_BEFORE.search(rest)) or any(pattern.search(rest) for pattern in _BESIDE)


def names_vague_day(rest: str) -> bool:
    """True if a line with only a time parsed also mentions a day that could not be parsed."""
    return any(pattern.search(rest) for pattern in _VAGUE)
