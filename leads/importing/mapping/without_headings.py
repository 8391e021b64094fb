"""A sheet without a row of names: its columns are named A, B, C, and told by what they hold."""

import re
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from crm.kernel.regions import PROVINCES, STATES
from leads.importing.mapping.column_content import Kind, are_numbers, differ, kind_of
from leads.importing.mapping.headings import MANY, Field
from libs.tabular import Record

# The number of the row of names where there is none: every row is a lead.
NO_HEADER = 0
_LONGEST = 60
_POSTCODE = re.compile(r"\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_WORD = re.compile(r"[^\W\d_][^\d_,;:@/\\()&]{1,40}")
_AMOUNT = re.compile(r"[$€£]|[.,]\d{2}\b|\d[.,]\d{3}\b|\d{3,}")


def named_by_letters(rows: Sequence[Record]) -> Record:
    """Return the names such columns go by: those of a spreadsheet."""
    width = max((len(record.cells) for record in rows), default=0)
    return Record(NO_HEADER, [_("Column %(letter)s") % {"letter": letters(at)} for at in range(width)])


def letters(at: int) -> str:
    """Return the letters of a column, A for the first."""
    rest, last = divmod(at, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def is_data(cells: Sequence[str]) -> bool:
    """Whether a first row is a lead rather than names: a mail address, a number to call or a street is in it."""
    return any(_kind([cell]) in (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS) for cell in cells if cell.strip())


def guess_by_cells(rows: Sequence[Sequence[str]]) -> list[Field | None]:
    """List what each column may be by its cells alone: how to reach them, who it is, where, when, how much."""
    width = max(map(len, rows), default=0)
    columns = [[row[at].strip()[:_LONGEST] for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    kinds = [_kind(cells) for cells in columns]
    found: list[Field | None] = [None] * width
    for at, kind in enumerate(kinds):
        told = _SEEN.get(kind) if kind else None
        if told and (told in MANY or told not in found) and (told != Field.PHONE or are_numbers(columns[at])):
            found[at] = told
    if not {Field.EMAIL, Field.PHONE} & set(found):
        # Numbers without a sign between their digits, where nothing else says how they are reached.
        _first(found, columns, Field.PHONE, lambda at, cells: kinds[at] == Kind.PHONE and _differs(cells))
    _find_names(found, kinds, columns)
    _find_place(found, columns)
    _first(found, columns, Field.CREATED, lambda at, cells: kinds[at] == Kind.DAY)
    _first(found, columns, Field.VALUE, lambda at, cells: kinds[at] == Kind.MONEY and all(map(_AMOUNT.search, cells)))
    return found


_SEEN = {Kind.EMAIL: Field.EMAIL, Kind.PHONE: Field.PHONE, Kind.ADDRESS: Field.STREET}


def _kind(cells: Sequence[str]) -> Kind | None:
    # One cell is enough where there is one row alone.
    return kind_of([*cells, *cells] if len(cells) == 1 else cells)


def _find_names(found: list[Field | None], kinds: Sequence[Kind | None], columns: Sequence[list[str]]) -> None:
    """Tell the whole name; else two columns of single words are its parts, and one is the name."""
    _first(found, columns, Field.NAME, lambda at, cells: kinds[at] == Kind.NAME and _differs(cells))
    if Field.NAME in found:
        return
    free = [at for at, kind in enumerate(kinds) if not found[at] and kind != Kind.SALUTATION]
    words = [at for at in free if _differs(columns[at]) and _all(_WORD, columns[at])]
    if len(words) > 1 and words[1] == words[0] + 1:
        found[words[0]], found[words[1]] = Field.FIRST_NAME, Field.LAST_NAME
    elif words:
        found[words[0]] = Field.NAME


def _find_place(found: list[Field | None], columns: Sequence[list[str]]) -> None:
    """Tell the postal code and the state; and the city, behind a street, where one of them is told."""
    if Field.STREET not in found:
        return
    states = STATES | PROVINCES
    _first(found, columns, Field.POSTCODE, lambda at, cells: _all(_POSTCODE, cells))
    _first(found, columns, Field.STATE, lambda at, cells: all(cell.lower() in states for cell in cells))
    behind = found.index(Field.STREET)
    if Field.POSTCODE in found or Field.STATE in found:
        _first(found, columns, Field.CITY, lambda at, cells: at > behind and _all(_WORD, cells))


def _first(
    found: list[Field | None], columns: Sequence[list[str]], field: Field, test: Callable[[int, list[str]], bool]
) -> None:
    at = next((at for at, cells in enumerate(columns) if cells and found[at] is None and test(at, cells)), None)
    if at is not None:
        found[at] = field


def _all(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    return bool(cells) and all(pattern.fullmatch(cell) for cell in cells)


def _differs(cells: Sequence[str]) -> bool:
    return bool(cells) and (len(set(cells)) == len(cells) or differ(cells))
