"""Tell by its cells what a column holds: addresses of mail, numbers, places, days, money, names.

A share of the first rows has to agree. Cells are looked at up to a length, by patterns that can't explode.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from crm.kernel.normalization import name_key
from leads.importing.mapping.cell_words import (
    ANSWERS,
    FIRMS,
    JOINED_WAYS,
    MEXICAN_STATES,
    SALUTATIONS,
    STATES,
    TRUTHS,
    WAYS,
)
from leads.importing.mapping.headings import Field

_LONGEST = 120
# So many cells say something; fewer could be chance.
_ENOUGH = 2
# Of the cells that hold anything, at least so many are of the kind; and below so many none really is.
_MOST, _HARDLY = 0.6, 0.15
# So few words are kinds of something.
_HANDFUL = 3
# A number to call has so many digits.
_FEWEST_DIGITS = 6


class Kind(StrEnum):
    """What cells can be seen to be."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    DAY = "day"
    MONEY = "money"
    NAME = "name"
    SALUTATION = "salutation"
    LINK = "link"


_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,80}\.[A-Za-z]{2,24}")
_PHONE = re.compile(r"(?:p:|tel:)?[+(]?[\d\s().\-/–]{7,24}(?: ?(?:x|ext\.?) ?\d{1,6})?", re.IGNORECASE)
_PARTED_PHONE = re.compile(r"[+( .\-/]")
_DAY = re.compile(
    r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2}[ .-]{1,2}[^\W\d]{3,10}[ .,-]{1,2}\d{2,4}"
    r"|[^\W\d]{3,10} \d{1,2},? \d{4})"
    r"(?:[T ,]{1,2}(?:\d{1,2}[:.h]\d{2}|[^\W\d]).{0,24})?|\d{5}(?:\.\d{1,9})?"
)
_MONEY = re.compile(r"[^\w\s]?\s?(?:[A-Z]{3} ?)?-?\d[\d.,' \u00a0\u202f]{0,18}(?: ?[kKmM€$£]| ?[A-Z]{3})?-?")
_STREET = re.compile(
    rf"\bc/|\b(?:{'|'.join(WAYS.split())})\b|(?:{'|'.join(map(re.escape, JOINED_WAYS.split()))})(?!\w)", re.IGNORECASE
)
_WORD = r"[^\W\d_][^\s\d_,;:@/\\()&]{0,24}"
_NAME = re.compile(rf"{_WORD}(?:,? (?:& )?{_WORD}){{1,4}}")
# A first or last name, and a town: words without a digit.
_WORDS = re.compile(r"[^\W\d_][^\d_,;:@/\\()&]{0,40}")
_HOUSE = re.compile(r"\d{1,5}(?: ?[A-Za-z]| (?:bis|ter|quater)|[-/ ]\d{1,4} ?[A-Za-z]?)?")
# A street with its number before or behind it.
_NUMBERED = re.compile(r"^\d|\d ?[A-Za-z]?$|, ?\d")
_UNIT = re.compile(
    r"(?:apt|apartment|apto|unit|suite|ste|flat|floor|fl|lot|bldg|rm|room|whg|wohnung|top|bte|boite|bus|etage|piso|"
    r"puerta|esc|planta|depto|dpto|int|app)\b.{0,20}|#.{1,12}|\d{0,2}\.? ?(?:og|eg|dg|ug|stock)\b.{0,12}|\d{0,5}[a-z]?"
    r"|[a-z]\d{0,4}|\d{1,3} ?[-/º°ª] ?[\w º°ª]{1,6}",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|www\.")
# A record's id: a GUID, or digits and signs alone.
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,40}|[\d#./-]+", re.IGNORECASE
)
# A customer's number with letters before it: "KD-7000", "Tmyfactory-7000".
_CODE = re.compile(r"[^\W\d_]{1,24}[-_/.# ]?\d{2,12}")
# "Tampa, FL 33605", and "Gent": no number but the postcode's.
_TOWN = re.compile(
    r"(?:\d{4,5} )?[^\d,]+(?:,[^\d,]+){0,2}(?:,? ?\d{4,5}(?:-\d{4})?|, ?[A-Z]{1,2}\d[A-Z\d]?)?(?:,[^\d,]+)?"
)
# How one is met, where a town could be.
_NO_PLACE_TO_BE = re.compile(
    r"\b(?:call|zoom|teams|meet|skype|phone|online|webinar|virtual|video|remote)\b", re.IGNORECASE
)
# An address of the internet; a telephone number begins with a zero or a plus.
_IP = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
# Most towns are one word, and what is more is named with its state or country; of firms and people neither is so.
_SAYS_TOWN = re.compile(
    r"[^\s,]+|[^,]+,.+|\d{4,5} .+|(?:st\.?|san|santa|los|las|den|bad|fort|new|le|la) .+", re.IGNORECASE
)
_FIRM = re.compile(
    rf"\b(?:{'|'.join(FIRMS.split())})\b|&|\b(?:b\.v|n\.v|v\.o\.f|s\.l|s\.a|e\.v|e\.k|s\.r\.l)\b"
    r"|(?:bedrijf|praktijk|bouw|techniek|handel|werken|winkel|zorg|haus|werke|markt|betrieb|praxis|zentrum|centrum)\b"
)
_POSTCODE = re.compile(
    r"(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3,4})?|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|\d{3} \d{2}|\d{6}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    re.IGNORECASE,
)


def kind_of(cells: Sequence[str]) -> Kind | None:
    """Return what most of the filled cells are, None where that can't be seen."""
    filled = _filled(cells)
    return next((kind for kind, test in _TESTS.items() if _enough_are(test, filled)), None)


def hardly(cells: Sequence[str], kind: Kind) -> bool:
    """Whether there are enough cells and next to none is of a kind."""
    filled = _filled(cells)
    return len(filled) > _ENOUGH and sum(map(_TESTS[kind], filled)) < _HARDLY * len(filled)


def are_numbers(cells: Sequence[str]) -> bool:
    """Whether most cells are written as telephone numbers are, and as those of orders and policies hardly."""
    return _most(lambda cell: bool(_PARTED_PHONE.search(cell)) and _digits(cell) >= 10, _filled(cells))


def are_phones(cells: Sequence[str]) -> bool:
    """Whether all cells are telephone numbers, be it one alone, or digits as these are of."""
    return _all(lambda cell: _is_phone(cell) or (cell.isdigit() and 9 <= len(cell) <= 11), _filled(cells))


def are_addresses(cells: Sequence[str]) -> bool:
    """Whether all cells are e-mail addresses and nothing else, be it one alone."""
    return _all(_EMAIL.fullmatch, _filled(cells))


def are_points(cells: Sequence[str]) -> bool:
    """Whether most cells are telephone numbers or addresses of mail."""
    return _enough_are(lambda cell: "@" in cell or _may_be_called(cell), _filled(cells))


def within(parts: Sequence[str], wholes: Sequence[str], *, is_more: bool = False) -> bool:
    """Whether most cells stand in those beside them. `is_more`: which hold something besides."""
    pairs = [
        (part.strip()[:_LONGEST].lower(), whole.strip()[: 2 * _LONGEST].lower())
        for part, whole in zip(parts, wholes, strict=False)
        if part.strip() and whole.strip()
    ]
    inside = sum(part in whole and (not is_more or part != whole) for part, whole in pairs)
    return len(pairs) >= _ENOUGH and inside >= _MOST * len(pairs)


def are_firms(cells: Sequence[str]) -> bool:
    """Whether most cells say what kind of firm, trade or body they name, as no person is called."""
    return _enough_are(_FIRM.search, [*{cell.lower() for cell in _filled(cells)}])


def are_ids(cells: Sequence[str]) -> bool:
    """Whether all cells are ids of records, and nobody's names."""
    filled = _filled(cells)
    # "2.3.2026" is none, though it is digits and signs.
    return _all(_ID.fullmatch, filled) and not _most(_DAY.fullmatch, [cell for cell in filled if not cell.isdigit()])


def are_codes(cells: Sequence[str]) -> bool:
    """Whether most cells are one word that ends in a number, and hardly two are alike, as numbers of customers are."""
    return differ(cells) and _most(_CODE.fullmatch, _filled(cells))


def are_towns(cells: Sequence[str]) -> bool:
    """Whether most cells name a town, and neither a street nor somebody."""
    filled = [cell for cell in _filled(cells) if _TOWN.fullmatch(cell) and not _STREET.search(cell)]
    return len(filled) >= _MOST * len(_filled(cells)) and _most(_SAYS_TOWN.fullmatch, filled)


def are_meetings(cells: Sequence[str]) -> bool:
    """Whether most cells say how one meets, and not where: "Zoom", "Outbound call"."""
    return _most(_NO_PLACE_TO_BE.search, _filled(cells))


def are_streets(cells: Sequence[str]) -> bool:
    """Whether most cells name a street, with its number or without."""
    return _enough_are(_STREET.search, _filled(cells))


def are_house_numbers(cells: Sequence[str]) -> bool:
    """Whether most cells are no more than the number of a house: "12", "4a"."""
    return _enough_are(_HOUSE.fullmatch, _filled(cells))


def end_in_numbers(cells: Sequence[str]) -> bool:
    """Whether at least every second cell begins or ends with a number, or has a comma, as whole streets do."""
    return _most(_NUMBERED.search, _filled(cells), share=0.5)


def are_units(cells: Sequence[str]) -> bool:
    """Whether most cells are a flat, floor or suite, or no more than a short sign: "Apt 4", "1. OG", "12b"."""
    return _most(_UNIT.fullmatch, _filled(cells))


def are_few(cells: Sequence[str]) -> bool:
    """Whether a handful of words come again and again, as kinds of customers do and their names do not."""
    filled = _filled(cells)
    return len({cell.lower() for cell in filled}) <= _HANDFUL < len(filled) / 2


def are_postcodes(cells: Sequence[str]) -> bool:
    """Whether most cells are written as postal codes are."""
    return _enough_are(_POSTCODE.fullmatch, _filled(cells))


def are_plain_words(cells: Sequence[str]) -> bool:
    """Whether most cells are words without a digit or a sign, as names and towns are."""
    return _enough_are(_WORDS.fullmatch, _filled(cells))


def are_words(cells: Sequence[str]) -> bool:
    """Whether no cell has a digit."""
    filled = _filled(cells)
    return len(filled) > _ENOUGH and not any(map(_digits, filled))


def recur(cells: Sequence[str]) -> bool:
    """Whether some cell comes twice."""
    filled = [cell.lower() for cell in _filled(cells)]
    return len(set(filled)) < len(filled)


def distinct_share(cells: Sequence[str]) -> float:
    """Return how many of the cells are different, as a share; 1 for none."""
    filled = _filled(cells)
    return len(set(filled)) / len(filled) if filled else 1.0


def recur_often(cells: Sequence[str]) -> bool:
    """Whether a few cells come again and again, as those of colleagues do."""
    filled = [cell.lower() for cell in _filled(cells)]
    return len(filled) > _ENOUGH and len(set(filled)) <= _MOST * len(filled)


def are_all_one(cells: Sequence[str]) -> bool:
    """Whether all rows say the same: the firm whose books they are."""
    return len(cells) > _ENOUGH and all(map(str.strip, cells)) and len({cell.strip().lower() for cell in cells}) == 1


def are_single_words(cells: Sequence[str]) -> bool:
    """Whether most cells are one word, as first names are and whole ones are not."""
    return _most(lambda cell: " " not in cell, _filled(cells))


def hold_digits(cells: Sequence[str]) -> bool:
    """Whether some cells have digits, as models of cars do and towns do not."""
    filled = _filled(cells)
    return sum(map(bool, map(_digits, filled))) > _HARDLY * len(filled)


def are_labels(cells: Sequence[str]) -> bool:
    """Whether a few words come again and again, and no "von der" or initial: "Privat", "Standard"."""
    return recur_often(cells) and _most(lambda cell: len(cell) > 2 and cell[0].isupper(), _filled(cells))


def are_answers(cells: Sequence[str]) -> bool:
    """Whether all cells say yes or no, and nothing else; a single "Si" is a name."""
    filled = {cell.lower() for cell in _filled(cells)}
    return bool(filled) and filled <= ANSWERS and (len(filled) > 1 or filled <= TRUTHS)


def are_states(cells: Sequence[str]) -> bool:
    """Whether all cells are letters of states: FL, GA."""
    return _all(STATES.__contains__, _filled(cells))


def are_mexican_states(cells: Sequence[str]) -> bool:
    """Whether most cells are states of Mexico."""
    return _most(lambda cell: name_key(cell) in MEXICAN_STATES, _filled(cells))


def differ(cells: Sequence[str]) -> bool:
    """Whether hardly two cells are alike, as those of customers, and unlike those of a few colleagues."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > _ENOUGH and len(set(filled)) > 0.8 * len(filled)


def _filled(cells: Sequence[str]) -> list[str]:
    """Return the cells that hold anything, as much of each as is looked at."""
    return [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]


def _all(test: Callable[[str], object], filled: Sequence[str]) -> bool:
    return bool(filled) and all(map(test, filled))


def _most(test: Callable[[str], object], filled: Sequence[str], *, share: float = _MOST) -> bool:
    return sum(bool(test(cell)) for cell in filled) >= share * len(filled) > 0


def _enough_are(test: Callable[[str], object], filled: Sequence[str]) -> bool:
    return len(filled) >= _ENOUGH and _most(test, filled)


def _digits(cell: str) -> int:
    return sum(map(str.isdigit, cell))


def _is_phone(cell: str) -> bool:
    digits = _digits(cell)
    if not 7 <= digits <= 15 or not _PHONE.fullmatch(cell) or _DAY.fullmatch(cell) or _IP.fullmatch(cell):
        return False
    return digits >= 10 or bool(_PARTED_PHONE.search(cell))


def _may_be_called(cell: str) -> bool:
    """Whether a number to call may be in it, whatever else is: seven digits, or six with signs between them."""
    return _digits(cell) + bool(_PARTED_PHONE.search(cell)) > _FEWEST_DIGITS


def _is_address(cell: str) -> bool:
    return bool(_digits(cell)) and bool(_STREET.search(cell)) and " " in cell


def _is_name(cell: str) -> bool:
    return bool(_NAME.fullmatch(cell)) and (cell[0].isupper() or not cell[0].islower())


_TESTS: dict[Kind, Callable[[str], bool]] = {
    Kind.EMAIL: lambda cell: "@" in cell and bool(_EMAIL.search(cell)),
    Kind.LINK: lambda cell: bool(_LINK.match(cell)),
    Kind.DAY: lambda cell: bool(_DAY.fullmatch(cell)),
    Kind.PHONE: _is_phone,
    Kind.SALUTATION: lambda cell: cell.lower() in SALUTATIONS,
    Kind.ADDRESS: _is_address,
    Kind.MONEY: lambda cell: bool(_MONEY.fullmatch(cell)),
    Kind.NAME: _is_name,
}

# What a column nobody can name is, by its cells.
FIELD_OF = {Kind.EMAIL: Field.EMAIL, Kind.PHONE: Field.PHONE, Kind.ADDRESS: Field.STREET, Kind.NAME: Field.NAME}

_NO_WORDS = frozenset({Kind.EMAIL, Kind.PHONE, Kind.DAY, Kind.MONEY, Kind.LINK})
_NO_PLACE = _NO_WORDS | {Kind.ADDRESS}
# What the cells of a column never are mostly, whatever its name says. Five digits alone are a day of a spreadsheet too.
_NEVER: dict[Field, frozenset[Kind]] = {
    Field.NAME: _NO_WORDS,
    Field.FIRST_NAME: _NO_PLACE,
    Field.INFIX: _NO_PLACE,
    Field.LAST_NAME: _NO_PLACE,
    Field.COMPANY: _NO_WORDS,
    Field.STREET: _NO_WORDS,
    Field.STREET_2: frozenset({Kind.EMAIL, Kind.LINK}),
    Field.HOUSE_NUMBER: frozenset({Kind.EMAIL, Kind.LINK, Kind.NAME, Kind.ADDRESS}),
    Field.POSTCODE: frozenset({Kind.EMAIL, Kind.LINK, Kind.NAME, Kind.ADDRESS}),
    Field.CITY: _NO_PLACE,
    Field.STATE: _NO_PLACE,
    Field.COUNTRY: _NO_PLACE,
}
_AGREES: dict[Field, Callable[[Sequence[str]], bool]] = {
    Field.NAME: lambda cells: kind_of(cells) == Kind.NAME,
    Field.FIRST_NAME: are_plain_words,
    Field.LAST_NAME: are_plain_words,
    Field.COMPANY: lambda cells: are_firms(cells) or (differ(cells) and kind_of(cells) in (None, Kind.NAME)),
    Field.EMAIL: lambda cells: kind_of(cells) == Kind.EMAIL,
    Field.PHONE: lambda cells: kind_of(cells) == Kind.PHONE,
    Field.MOBILE: lambda cells: kind_of(cells) == Kind.PHONE,
    Field.STREET: lambda cells: kind_of(cells) == Kind.ADDRESS or are_streets(cells),
    Field.HOUSE_NUMBER: are_house_numbers,
    Field.POSTCODE: are_postcodes,
    Field.CITY: lambda cells: are_plain_words(cells) and not are_states(cells),
    Field.STATE: are_plain_words,
    Field.COUNTRY: are_plain_words,
}


def contradict(cells: Sequence[str], field: Field) -> bool:
    """Whether there are enough cells to see that they are not what a column is said to hold."""
    filled = _filled(cells)
    if len(filled) <= _ENOUGH:
        return False
    if field == Field.EMAIL:
        return hardly(cells, Kind.EMAIL)
    if field in (Field.PHONE, Field.MOBILE):
        return sum(map(_may_be_called, filled)) < _HARDLY * len(filled)
    if field in (Field.POSTCODE, Field.HOUSE_NUMBER) and are_words(cells):
        return True
    return field in _NEVER and kind_of(cells) in _NEVER[field]


def agree(cells: Sequence[str], field: Field) -> bool:
    """Whether enough cells are what a column of a customer's may hold."""
    return field in _AGREES and _AGREES[field](cells)
