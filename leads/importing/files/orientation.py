"""Detect a transposed sheet (field names in the first column, one lead per column) and transpose it."""

from collections.abc import Sequence
from itertools import zip_longest

from leads.importing.mapping.columns import WHO, known_fields
from libs.tabular import TableRecord

# So many names below each other, and so much of the first column, make it one.
_NAMES = 3
_SHARE = 0.6


def lies_on_its_side(records: Sequence[TableRecord]) -> bool:
    """True if the first column holds field names, and no row is a header."""
    column = TableRecord(1, [record.cells[0] for record in records])
    named = known_fields(column)
    if len(named) < _NAMES or not WHO & named or len(named) < _SHARE * len(records):
        return False
    others = [known_fields(TableRecord(record.row, record.cells[1:])) for record in records]
    wide = max(len(record.cells) for record in records) > 1
    return wide and not others[0] and all(len(fields) < 2 for fields in others)


def transpose_rows(records: Sequence[TableRecord]) -> list[TableRecord]:
    """Return the columns as rows; the empty ones are left out."""
    columns = zip_longest(*(record.cells for record in records), fillvalue="")
    rows = (TableRecord(number, list(cells)) for number, cells in enumerate(columns, 1))
    return [row for row in rows if any(cell.strip() for cell in row.cells)]
