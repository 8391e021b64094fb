"""Write rows as CSV or XLSX, safe from formula injection."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

# What a spreadsheet takes for a formula, some also in full width; a leading apostrophe makes it text, and the import
# takes it off again.
_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
# A number, or a phone number, calculates nothing: `+31 20 …` and `-5` stay what they are.
_HARMLESS = re.compile(r"[+-]?[\s().,/-]*+\d[\d\s().,/-]*")
_CELL = 32_767


def escape_formula(text: str) -> str:
    """Add an apostrophe before a text that a spreadsheet would run as a formula, or whose apostrophe it would drop."""
    if text[:1] == "'" and (_FORMULA.match(text[1:]) or text[1:2] == "'"):
        return f"'{text}"
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def write_csv(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write UTF-8 with a BOM, so that Excel reads it; times are written in the zone they come in, dates as ISO."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([escape_formula(heading) for heading in headings])
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
    text.flush()
    text.detach()


def _csv_value(value: Any) -> Any:
    if isinstance(value, str):
        return escape_formula(value.replace("\0", ""))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value


def write_xlsx(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write one sheet with a frozen header. Text is text: no cell is ever a formula. Memory does not grow."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Throughline")
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_xlsx_value(sheet, value) for value in row])
    book.save(file)


def _xlsx_value(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        # Only what openpyxl would take for a formula or an error needs a cell of its own.
        clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:_CELL]
        if clean[:1] in ("=", "#"):
            return _text_cell(sheet, clean)
        return clean
    # A sheet knows no zones.
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value


def _text_cell(sheet: Any, value: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
