"""Regular expressions of the days and times in a typed line, English and Dutch."""

import re
from collections.abc import Iterable

from followups.quick_entry.vocabulary import HALVES, MONTHS, NUMBERS, PARTS, PASSED, RELATIVE, UNITS, UNSURE, WEEKDAYS


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches one of these words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def compile_named(*named: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in named)


_AT = r"(?:\b(?:at|om|@)\s*|@)"
_HALF = r"am|pm|a\.m\.|p\.m\."
TIMES = compile_named(
    (
        "words",
        rf"{_AT}?\b(?P<from>{any_of(HALVES)})\s+(?P<h>\d{{1,2}}|{any_of(set(NUMBERS) - {'a', 'an'})})\b"
        rf"(?!\s*(?:{any_of(UNITS)})\b)(?:\s?(?P<half>{_HALF})(?!\w))?",
    ),
    ("pm", rf"{_AT}?\b(?P<h>\d{{1,2}})(?:[:.](?P<m>\d\d))?\s?(?P<half>{_HALF})(?!\w)"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}}):(?P<m>\d\d)\b(?:\s?(?:u|uur|h)\b)?"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}})[.](?P<m>\d\d)\b(?:\s?(?:u|uur|h)\b)?"),
    ("clock", rf"{_AT}?\b(?P<h>\d{{1,2}})\s?(?:u(?:ur)?|h)(?P<m>\d\d)\b"),
    ("bare", rf"{_AT}?\b(?P<h>\d{{1,2}})\s?(?:u(?:ur)?|h)\b"),
    ("bare", rf"{_AT}(?P<h>\d{{1,2}})\b(?!\s*(?:{any_of(UNITS)})\b)"),
)
# "9-10am": the first is when. An am or pm of the second is also the first's, but "11-1pm" begins before noon.
TIME_RANGE = re.compile(
    rf"\b(?P<h>\d{{1,2}})(?P<m>[:.]\d\d)?\s?(?P<half>{_HALF})?\s?(?:[-–]|to|tot)\s?"
    rf"(?P<until>\d{{1,2}})(?:[:.]\d\d)?\s?(?:(?P<last>{_HALF})|(?:uur|u|h)\b)(?!\w)",
    re.IGNORECASE,
)
# What leads up to a day or a time, and goes with it.
LEAD_IN = re.compile(r"(?:^|\s)(?:by|before|until|from|tegen|voor|vóór|van|vanaf|uiterlijk)\s*$", re.IGNORECASE)
DAY_PART = re.compile(rf"(?:(?:\b(?:in the|at|this|in de|om)|'s)\s+)?\b(?P<part>{any_of(PARTS)})s?\b", re.IGNORECASE)
# An hour alone, and "3-4", which is a date only where nothing else names a day, and nothing is counted by it.
BARE_HOUR = re.compile(r"(?<![\w.,:#€$-])(?P<h>\d{1,2})(?![\w.,:%/-])")
SHORT_DATE = re.compile(r"(?<![\w-])(?P<a>\d{1,2})-(?P<b>\d{1,2})(?P<y>)(?=\s*(?:$|(?:at |om |@)?\d))", re.IGNORECASE)
WEEKDAY = re.compile(
    r"\b(?:(?:on|op)\s+)?(?:(?P<next>next|volgende)\s+|(?:this|coming|deze|komende|aanstaande)\s+)?"
    rf"(?P<day>{any_of(WEEKDAYS)})(?P<part>ochtend|morgen|middag|avond)?\b(?:\s+a\.?s\b\.?)?",
    re.IGNORECASE,
)
_N_UNITS = rf"\b(?P<n>\d{{1,3}}|{any_of(NUMBERS)})\s+(?P<unit>{any_of(UNITS)})\b"
_SURE = any_of(set(WEEKDAYS) - UNSURE)
_PERHAPS = rf"(?:{any_of(UNSURE)})(?=\s*(?:$|(?:at |om |@)?\d))"
DATES = compile_named(
    ("iso", r"\b(?:on |op )?(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    ("slash", r"\b(?:on |op )?(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}))?\b"),
    ("slash", r"\b(?:on |op )?(?P<a>\d{1,2})-(?P<b>\d{1,2})-(?P<y>\d{4})\b"),
    (
        "named",
        rf"\b(?:on |op )?(?:the |de )?(?P<d>\d{{1,2}})(?:st|nd|rd|th|e)?\s+(?:of\s+)?(?P<month>{any_of(MONTHS)})\b\.?"
        r"(?:,?\s+(?P<y>\d{4})\b)?",
    ),
    (
        "named",
        rf"\b(?:on |op )?(?P<month>{any_of(MONTHS)})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"(?![:.]\d|\s?(?:uur|u|h|{_HALF})\b)(?:,\s*(?P<y>\d{{4}})\b)?",
    ),
    ("away", rf"{_N_UNITS}\s+(?:from|vanaf)\s+(?:now|today|nu|vandaag)\b"),
    ("away", rf"\b(?:in|over|after)\s+{_N_UNITS}(?:['’]?\s+time\b)?"),
    ("half_hour", r"\b(?:in|over)\s+(?:half\s+an?\s+hour|een\s+half\s?uur(?:tje)?)\b"),
    ("relative", rf"\b(?P<word>day after tomorrow|{any_of(RELATIVE)})(?P<part>ochtend|middag|avond)?\b"),
    ("tonight", r"\b(?:tonight|vanavond)\b"),
    ("later", r"\b(?P<part>vanmiddag|vanochtend)\b"),
    ("in_week", rf"\b(?:next|volgende)\s+week\s+(?:on\s+|op\s+)?(?P<day>{_SURE}|{_PERHAPS})(?!\w)"),
    ("in_week", rf"\b(?:(?:on|op)\s+)?(?P<day>{_SURE})\s+(?:of\s+)?(?:next|volgende)\s+week\b"),
    ("day_end", r"\b(?:end of (?:the )?day|eod|eind(?:e)?(?: van)? de dag)\b"),
)
PAST = re.compile(rf"\b(?:{any_of(PASSED)})\b(?!['’])", re.IGNORECASE)
