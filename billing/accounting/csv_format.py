"""CsvFormat: the CSV file that an accounting system imports, declared as its columns; and the writer of all of them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounting.entries import AccountingEntry
from crm.platform.files.sheet_writer import escape_formula


@dataclass(frozen=True)
class CsvColumn:
    """A column: its heading, and the entry's field or a fixed text. `longest`: longer texts are cut."""

    heading: str
    field: str = ""
    text: str = ""
    longest: int = 255


@dataclass(frozen=True)
class CsvFormat:
    """Columns and notation of a system. `day`: as of strftime; `mark`: the decimal mark.

    `has_own_credits`: the system imports credit notes apart, with amounts above zero. `most`: how many invoices a file
    has at most; 0: any number.
    """

    columns: Sequence[CsvColumn]
    day: str = "%Y-%m-%d"
    mark: str = "."
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    has_own_credits: bool = False
    most: int = 0


def write_entries(form: CsvFormat, entries: Sequence[AccountingEntry]) -> bytes:
    """Return the file of these entries. Texts are safe from formula injection."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=form.delimiter)
    writer.writerow([column.heading for column in form.columns])
    for entry in entries:
        writer.writerow([cell_text(form, column, entry) for column in form.columns])
    return file.getvalue().encode(form.encoding, "replace")


def cell_text(form: CsvFormat, column: CsvColumn, entry: AccountingEntry) -> str:
    """Return what stands in a column of an entry's row."""
    if not column.field:
        return column.text
    value: Any = getattr(entry, column.field)
    if isinstance(value, Decimal):
        if form.has_own_credits:
            value = abs(value)
        return str(value).replace(".", form.mark)
    if isinstance(value, date):
        return value.strftime(form.day)
    return escape_formula(clean_text(str(value))[: column.longest])


def clean_text(text: str) -> str:
    """Return a text on one line without control characters, which no system imports."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
