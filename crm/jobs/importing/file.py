"""Read an uploaded CSV or XLSX file: its headings and its rows."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.importing.cells import clean
from crm.jobs.importing.unreadable import UnreadableFile, in_words
from crm.kernel import formats
from libs.tabular import TableRecord, Workbook, is_workbook, line_count, survey, unpacked_size

MOST_BYTES = 5_000_000
MOST_UNPACKED = 40_000_000
MOST_ROWS = 5_000
# Of a text file also lines within a cell.
_MOST_LINES = 20 * MOST_ROWS


class FileRows(NamedTuple):
    """The headings of a file, and its rows with their numbers, all as wide as the header."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    is_workbook: bool


def read_file(file: IO[bytes], size: int) -> FileRows:
    """Read the whole file. Raises UnreadableFile with a sentence."""
    if size > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MOST_BYTES // 1_000_000})
    with in_words():
        is_book = is_workbook(file)
        if is_book:
            records = _read_workbook(file)
        else:
            records = _read_text(file)
    if len(records) > MOST_ROWS + 1:
        raise UnreadableFile(
            _("The file has more than %(most)s rows. Split it.") % {"most": formats.whole_number(MOST_ROWS)}
        )
    if len(records) < 2:
        raise UnreadableFile(_("The file has no rows below the headings."))
    headings = [clean(cell)[:120] for cell in records[0].cells]
    return FileRows(headings, [(record.row, _as_wide(record.cells, headings)) for record in records[1:]], is_book)


def _read_workbook(file: IO[bytes]) -> list[TableRecord]:
    """Read the first sheet that has more than a header."""
    if unpacked_size(file) > MOST_UNPACKED:
        raise UnreadableFile(
            _("The file has more than %(most)s rows. Split it.") % {"most": formats.whole_number(MOST_ROWS)}
        )
    book = Workbook(file)
    sheets: Iterator[list[TableRecord]] = (list(islice(book.rows(sheet.name), MOST_ROWS + 2)) for sheet in book.sheets)
    return next((records for records in sheets if len(records) > 1), [])


def _read_text(file: IO[bytes]) -> list[TableRecord]:
    if line_count(file) > _MOST_LINES:
        raise UnreadableFile(
            _("The file has more than %(most)s rows. Split it.") % {"most": formats.whole_number(MOST_ROWS)}
        )
    records: list[TableRecord] = []
    survey(file, records.append)
    return records


def _as_wide(cells: list[str], headings: list[str]) -> list[str]:
    width = len(headings)
    return [*cells[:width], *[""] * (width - len(cells))]
