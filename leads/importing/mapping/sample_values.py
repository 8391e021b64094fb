"""Guess a column's content from its first values: email, phone, date, money, postcode, street or name.

A share of the values has to agree. They are looked at up to a length, by patterns that can't explode.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from leads.importing.mapping.headings import DAYS, WHO_NAMES, Field

_LONGEST = 120
# So many values say something; fewer could be chance. Of them so many are of the kind, and below so many hardly any.
_ENOUGH = 2
_MOST = 0.6
_HARDLY = 0.15
_FEWEST_DIGITS = 6
# Answers are no names, firms or words for where a lead comes from.
_ANSWERS = frozenset("true false yes no y n ja nein nee oui non si 0 1 x wahr falsch waar onwaar vrai faux".split())


class ValueKind(StrEnum):
    """Kinds of values that can be recognised."""

    EMAIL = "email"
    PHONE = "phone"
    DAY = "day"
    MONEY = "money"
    POSTCODE = "postcode"
    LINK = "link"
    STREET = "street"
    NAME = "name"


_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,80}\.[A-Za-z]{2,24}")
_PHONE = re.compile(r"(?:p:|tel:)?[+(]?[\d\s().\-/–]{7,24}(?: ?(?:x|ext\.?) ?\d{1,6})?", re.IGNORECASE)
_PARTED_PHONE = re.compile(r"[+( .\-/]")
_DAY = re.compile(
    r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2}[ .-]{1,2}[^\W\d]{3,10}[ .,-]{1,2}\d{2,4}"
    r"|[^\W\d]{3,10} \d{1,2},? \d{4})(?:[T ,]{1,2}(?:\d{1,2}[:.h]\d{2}|[^\W\d]).{0,24})?"
)
# An address of the internet; a telephone number begins with a zero or a plus.
_IP = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_MONEY = re.compile(r"[^\w\s]?\s?(?:[A-Z]{3} ?)?-?\d[\d.,' \u00a0\u202f]{0,18}(?: ?[kKmM€$£]| ?[A-Z]{3})?-?")
_POSTCODE = re.compile(
    r"(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{3} \d{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?(?:\d[A-Z]{2}|[A-Z\d]{4})",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.")
# "12 Oak Ave", "Kerkstraat 12a, Epe": a number before or behind words.
_STREET = re.compile(r"\d{1,5}[A-Za-z]? [^\W\d][^\d].{2,}|[^\W\d][^\d,]{3,60} \d{1,4} ?[A-Za-z]?(?:,.*)?")
_WORD = r"[^\W\d_][^\s\d_,;:@/\\()&]{0,24}"
_NAME = re.compile(rf"{_WORD}(?:,? (?:& )?{_WORD}){{1,4}}")
_LETTER = re.compile(r"[^\W\d_]")
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,40}", re.IGNORECASE)


def kind_of(cells: Sequence[str]) -> ValueKind | None:
    """Return the kind of most filled cells; None if it cannot be recognised."""
    filled = _filled_cells(cells)
    if len(filled) < _ENOUGH:
        return None
    return next((kind for kind, test in _TESTS.items() if _share_passing(test, filled) >= _MOST), None)


def contradict(cells: Sequence[str], field: Field) -> bool:
    """True if there are enough cells to show that a column does not hold the given kind."""
    filled = _filled_cells(cells)
    if field in _NO_ANSWERS and len(filled) >= _ENOUGH and all(cell.lower() in _ANSWERS for cell in filled):
        return True
    kind = kind_of(cells)
    if field in _WORDS and filled and all(map(_GUID.fullmatch, filled)):
        return True
    if field in _WORDS | _PLACES and kind in (ValueKind.EMAIL, ValueKind.PHONE, ValueKind.DAY, ValueKind.LINK):
        return True
    if len(filled) <= _ENOUGH:
        return False
    if field == Field.EMAIL:
        return _share_passing(lambda cell: "@" in cell, filled) < _HARDLY
    if field in (Field.PHONE, Field.MOBILE):
        return _share_passing(_may_be_called, filled) < _HARDLY
    if field in _WITH_DIGITS:
        return not any(map(_count_digits, filled))
    return field in _WORDS and not any(map(_LETTER.search, filled))


def are_to_call(cells: Sequence[str]) -> bool:
    """True if most cells are formatted as phone numbers, rather than as order or policy numbers."""
    filled = _filled_cells(cells)
    return _share_passing(lambda cell: bool(_PARTED_PHONE.search(cell)) and _count_digits(cell) >= 9, filled) >= _MOST


def are_whole(parts: Sequence[tuple[str, ...]], wholes: Sequence[str]) -> bool:
    """True if most of these names contain the name parts beside them."""
    pairs = [(part, whole.lower()) for part, whole in zip(parts, wholes, strict=False) if whole.strip() and any(part)]
    inside = sum(all(_is_in(word.strip().lower(), whole) for word in part) for part, whole in pairs)
    return bool(pairs) and inside >= _MOST * len(pairs)


def _is_in(name: str, whole: str) -> bool:
    """True if a name is part of a full name: "jan" of "jan jansen", and of "j.p. jansen"."""
    return name in whole or (whole[1:2] == "." and whole[:1] == name[:1])


def differ(cells: Sequence[str]) -> bool:
    """True if nearly all cells differ, as customers do and a few colleagues do not."""
    filled = _filled_cells(cells)
    return bool(filled) and len(set(filled)) > 0.8 * len(filled)


def _filled_cells(cells: Sequence[str]) -> list[str]:
    """Return the filled cells, each cut to the length that is examined."""
    return [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]


def _share_passing(test: Callable[[str], object], filled: Sequence[str]) -> float:
    if filled:
        return sum(bool(test(cell)) for cell in filled) / len(filled)
    return 0


def _count_digits(cell: str) -> int:
    return sum(map(str.isdigit, cell))


def _is_phone(cell: str) -> bool:
    digits = _count_digits(cell)
    if not 7 <= digits <= 15 or not _PHONE.fullmatch(cell) or _DAY.fullmatch(cell) or _IP.fullmatch(cell):
        return False
    return digits >= 10 or bool(_PARTED_PHONE.search(cell))


def _may_be_called(cell: str) -> bool:
    """True if a text may contain a phone number: seven digits, or six with separators."""
    return _count_digits(cell) + bool(_PARTED_PHONE.search(cell)) > _FEWEST_DIGITS


_TESTS: dict[ValueKind, Callable[[str], object]] = {
    ValueKind.EMAIL: lambda cell: "@" in cell and _EMAIL.search(cell),
    ValueKind.LINK: _LINK.match,
    ValueKind.DAY: _DAY.fullmatch,
    ValueKind.POSTCODE: _POSTCODE.fullmatch,
    ValueKind.PHONE: _is_phone,
    ValueKind.STREET: _STREET.fullmatch,
    ValueKind.MONEY: _MONEY.fullmatch,
    ValueKind.NAME: lambda cell: _NAME.fullmatch(cell) and not cell[0].islower(),
}
_WORDS = WHO_NAMES | {Field.CONTACT, Field.INFIX, Field.CITY, Field.STATE, Field.COUNTRY, Field.REP}
_PLACES = frozenset({Field.STREET, Field.STREET_2, Field.HOUSE_NUMBER})
_WITH_DIGITS = DAYS | {Field.POSTCODE, Field.HOUSE_NUMBER, Field.VALUE, Field.COST}
_NO_ANSWERS = (
    _WORDS
    | _PLACES
    | {Field.EMAIL, Field.PHONE, Field.MOBILE, Field.TITLE, Field.SOURCE, Field.CAMPAIGN, Field.POSTCODE}
)
# What a column nobody can name is, by its values; a date or an amount may be any.
FIELD_OF: dict[ValueKind | None, Field] = {ValueKind.EMAIL: Field.EMAIL, ValueKind.PHONE: Field.PHONE}
