"""Columns of a sheet without headings: named A, B, C, and recognised by their values."""

import re
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from crm.kernel.regions import PROVINCES, STATES
from leads.importing.mapping.headings import Field
from leads.importing.mapping.sample_values import ValueKind, are_to_call, differ, kind_of
from libs.tabular import TableRecord

# The number of the row of names where there is none: every row is a lead.
NO_HEADER = 0
_WORD = re.compile(r"[^\W\d_][^\d_,;:@/\\()&]{1,40}")
# "Dhr.", "Mrs".
_SALUTATIONS = frozenset("mr mrs ms miss dr prof herr frau dhr mevr mw m mme mlle sr sra srta sig".split())


def named_by_letters(rows: Sequence[TableRecord]) -> TableRecord:
    """Return the column names of a spreadsheet: A, B, C."""
    width = max((len(record.cells) for record in rows), default=0)
    return TableRecord(NO_HEADER, [_("Column %(letter)s") % {"letter": letters(at)} for at in range(width)])


def letters(at: int) -> str:
    """Return the letters of a column; A is the first."""
    rest, last = divmod(at, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def is_data(cells: Sequence[str]) -> bool:
    """True if a first row is data, not a header: it has an email address, a phone number or a street."""
    return any(
        _kind_of_cells([cell]) in (ValueKind.EMAIL, ValueKind.PHONE, ValueKind.STREET) for cell in cells if cell.strip()
    )


def guess_by_cells(rows: Sequence[Sequence[str]]) -> list[Field | None]:
    """Guess each column by its cells alone: contact point, name, place, date, amount."""
    width = max(map(len, rows), default=0)
    columns = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    kinds = [_kind_of_cells(cells) for cells in columns]
    guesses: list[Field | None] = [None] * width

    def take_first(field: Field, test: Callable[[int], object]) -> None:
        at = next((at for at in range(width) if columns[at] and guesses[at] is None and test(at)), None)
        if at is not None:
            guesses[at] = field

    for at, kind in enumerate(kinds):
        if kind == ValueKind.EMAIL:
            guesses[at] = Field.EMAIL
        elif kind == ValueKind.PHONE and are_to_call(columns[at]):
            guesses[at] = Field.PHONE
    if not {Field.EMAIL, Field.PHONE} & set(guesses):
        # Numbers without a sign between their digits, where nothing else says how they are reached.
        take_first(Field.PHONE, lambda at: kinds[at] == ValueKind.PHONE and _cells_differ(columns[at]))
    take_first(Field.STREET, lambda at: kinds[at] == ValueKind.STREET)
    take_first(Field.NAME, lambda at: kinds[at] == ValueKind.NAME and _cells_differ(columns[at]))
    if Field.NAME not in guesses:
        _find_parts_of_name(guesses, columns)
    if Field.STREET in guesses:
        behind = guesses.index(Field.STREET)
        states = STATES | PROVINCES
        take_first(Field.POSTCODE, lambda at: kinds[at] == ValueKind.POSTCODE)
        take_first(Field.STATE, lambda at: all(cell.lower() in states for cell in columns[at]))
        if {Field.POSTCODE, Field.STATE} & set(guesses):
            take_first(Field.CITY, lambda at: at > behind and all(map(_WORD.fullmatch, columns[at])))
    take_first(Field.CREATED, lambda at: kinds[at] == ValueKind.DAY)
    take_first(Field.VALUE, lambda at: kinds[at] == ValueKind.MONEY)
    return guesses


def _kind_of_cells(cells: Sequence[str]) -> ValueKind | None:
    # One cell is enough where there is one row alone.
    return kind_of([*cells, *cells] if len(cells) == 1 else cells)


def _find_parts_of_name(found: list[Field | None], columns: Sequence[list[str]]) -> None:
    """Take two columns of single words as first and last name, and one as the name."""
    words = [
        at
        for at, cells in enumerate(columns)
        if not found[at] and _cells_differ(cells) and all(map(_WORD.fullmatch, cells)) and not _are_salutations(cells)
    ]
    if len(words) > 1 and words[1] == words[0] + 1:
        found[words[0]], found[words[1]] = Field.FIRST_NAME, Field.LAST_NAME
    elif words:
        found[words[0]] = Field.NAME


def _are_salutations(cells: Sequence[str]) -> bool:
    return all(cell.lower().rstrip(".") in _SALUTATIONS for cell in cells)


def _cells_differ(cells: Sequence[str]) -> bool:
    return bool(cells) and (len(set(cells)) == len(cells) or differ(cells))
