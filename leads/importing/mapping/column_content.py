"""Tell by its cells what a column holds: addresses of mail, numbers, places, days, money, names.

A share of the first rows has to agree. Cells are looked at up to a length, by patterns that can't explode.
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from crm.kernel.regions import PROVINCES_BY_NAME, STATES_BY_NAME
from leads.importing.mapping.headings import Field

_LONGEST = 120
# So many cells say something; fewer could be chance.
_ENOUGH = 2
# Of the cells that hold anything, at least so many are of the kind; and below so many none really is.
_MOST, _HARDLY = 0.6, 0.15


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
    r"(?:[T ,].{0,30})?|\d{5}(?:\.\d{1,9})?"
)
_MONEY = re.compile(r"[^\w\s]?\s?(?:[A-Z]{3} ?)?-?\d[\d.,' ]{0,18}(?: ?[kKmM€$£]| ?[A-Z]{3})?-?")
_STREET = re.compile(
    r"\b(?:st|street|ave?|avenue|rd|road|dr|drive|ln|lane|blvd|ct|court|cir|circle|way|pl|place|ter|terrace|hwy|pkwy|"
    r"trl|trail|loop|rue|avenue|chemin|place|calle|c/|plaza|paseo|avenida|via|viale|corso|piazza|rua|ulica|laan|weg|plein|gracht|kade|singel|dreef)\b"
    r"|(?:straat|laan|weg|plein|gracht|kade|singel|dreef|hof|pad|stra(?:ss|ß)e|str\.|allee|platz|ring|gasse|damm|ufer)\b",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][^\s\d_,;:@/\\()&]{0,24}"
_NAME = re.compile(rf"{_WORD}(?:,? (?:& )?{_WORD}){{1,4}}")
_SALUTATIONS = frozenset(
    "mr mrs ms miss dr prof sir madam mr. mrs. ms. dr. prof. herr frau dhr mevr mw dhr. mevr. mw. m. mme mlle sr sra "
    "sr. sra. srta de heer mevrouw monsieur madame".split()
)
_TRUTHS = frozenset({"true", "false", "yes", "no"})
_ANSWERS = _TRUTHS | frozenset(
    "y n x 0 1 ja nein nee oui non si sí wahr falsch waar onwaar vrai faux verdadero".split()
)
_STATES = frozenset(STATES_BY_NAME.values()) | frozenset(PROVINCES_BY_NAME.values())
_HOUSE = re.compile(r"\d{1,5} ?[A-Za-z]?")
_LINK = re.compile(r"https?://|www\.")
# A record's id: a GUID, or digits and signs alone.
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[\d#./-]+", re.IGNORECASE)
# "Tampa, FL 33605", and "Gent": no number before the first comma.
_TOWN = re.compile(r"[^\d,]+(?:,.*)?")


def kind_of(cells: Sequence[str]) -> Kind | None:
    """Return what most of the filled cells are, None where that can't be seen."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    if len(filled) < _ENOUGH:
        return None
    for kind, test in _TESTS.items():
        if sum(map(test, filled)) >= _MOST * len(filled):
            return kind
    return None


def hardly(cells: Sequence[str], kind: Kind) -> bool:
    """Whether there are enough cells and next to none is of a kind."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return len(filled) > _ENOUGH and sum(map(_TESTS[kind], filled)) < _HARDLY * len(filled)


def are_numbers(cells: Sequence[str]) -> bool:
    """Whether most cells are written as telephone numbers are, and as those of orders and policies hardly."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    written = [cell for cell in filled if _PARTED_PHONE.search(cell) and sum(map(str.isdigit, cell)) >= 10]
    return len(written) >= _MOST * len(filled) > 0


def are_phones(cells: Sequence[str]) -> bool:
    """Whether all cells are telephone numbers, be it one alone."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return bool(filled) and all(map(_is_phone, filled))


def are_addresses(cells: Sequence[str]) -> bool:
    """Whether all cells are e-mail addresses and nothing else, be it one alone."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return bool(filled) and all(map(_EMAIL.fullmatch, filled))


def are_ids(cells: Sequence[str]) -> bool:
    """Whether all cells are ids of records, and nobody's names."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return bool(filled) and all(map(_ID.fullmatch, filled))


def are_towns(cells: Sequence[str]) -> bool:
    """Whether most cells name a town, and no street with its number."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return sum(bool(_TOWN.fullmatch(cell)) for cell in filled) >= _MOST * len(filled) > 0


def are_streets(cells: Sequence[str]) -> bool:
    """Whether most cells name a street, with its number or without."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return len(filled) >= _ENOUGH and sum(bool(_STREET.search(cell)) for cell in filled) >= _MOST * len(filled)


def are_house_numbers(cells: Sequence[str]) -> bool:
    """Whether most cells are no more than the number of a house: "12", "4a"."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return len(filled) >= _ENOUGH and sum(bool(_HOUSE.fullmatch(cell)) for cell in filled) >= _MOST * len(filled)


def are_words(cells: Sequence[str]) -> bool:
    """Whether no cell has a digit."""
    filled = [cell.strip()[:_LONGEST] for cell in cells if cell.strip()]
    return len(filled) > _ENOUGH and not any(character.isdigit() for cell in filled for character in cell)


def recur(cells: Sequence[str]) -> bool:
    """Whether some cell comes twice."""
    filled = [cell.strip().lower() for cell in cells if cell.strip()]
    return len(set(filled)) < len(filled)


def are_answers(cells: Sequence[str]) -> bool:
    """Whether all cells say yes or no, and nothing else; a single "Si" is a name."""
    filled = {cell.strip()[:_LONGEST].lower() for cell in cells if cell.strip()}
    return bool(filled) and filled <= _ANSWERS and (len(filled) > 1 or filled <= _TRUTHS)


def are_states(cells: Sequence[str]) -> bool:
    """Whether all cells are letters of states: FL, GA."""
    filled = {cell.strip()[:_LONGEST] for cell in cells if cell.strip()}
    return bool(filled) and filled <= _STATES


def differ(cells: Sequence[str]) -> bool:
    """Whether hardly two cells are alike, as those of customers, and unlike those of a few colleagues."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > _ENOUGH and len(set(filled)) > 0.8 * len(filled)


def _is_phone(cell: str) -> bool:
    digits = sum(character.isdigit() for character in cell)
    if not 7 <= digits <= 15 or not _PHONE.fullmatch(cell) or _DAY.fullmatch(cell):
        return False
    return digits >= 10 or bool(_PARTED_PHONE.search(cell))


def _is_address(cell: str) -> bool:
    return any(character.isdigit() for character in cell) and bool(_STREET.search(cell)) and " " in cell


def _is_name(cell: str) -> bool:
    return bool(_NAME.fullmatch(cell)) and (cell[0].isupper() or not cell[0].islower())


_TESTS: dict[Kind, Callable[[str], bool]] = {
    Kind.EMAIL: lambda cell: "@" in cell and bool(_EMAIL.search(cell)),
    Kind.LINK: lambda cell: bool(_LINK.match(cell)),
    Kind.DAY: lambda cell: bool(_DAY.fullmatch(cell)),
    Kind.PHONE: _is_phone,
    Kind.SALUTATION: lambda cell: cell.lower() in _SALUTATIONS,
    Kind.ADDRESS: _is_address,
    Kind.MONEY: lambda cell: bool(_MONEY.fullmatch(cell)),
    Kind.NAME: _is_name,
}

# What a column nobody can name is, by its cells.
FIELD_OF = {Kind.EMAIL: Field.EMAIL, Kind.PHONE: Field.PHONE, Kind.ADDRESS: Field.STREET, Kind.NAME: Field.NAME}
