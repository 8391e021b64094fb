"""Stage files: convert any file format to one JSON line per row, so that all later passes read the same.

A pass goes on from any byte; a workbook or an odd encoding is understood once. Nothing is staged of a file that turns
out unreadable on its last line.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import IO, Any

import orjson

from crm.jobs.importing.unreadable import in_words
from leads.importing.files.orientation import lies_on_its_side, transpose_rows
from leads.importing.mapping.columns import HEADER_WITHIN, WHO, known_fields
from libs.tabular import TableRecord, UnreadableTable, Workbook, is_workbook, survey

SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Staged:
    """The result of staging: how the file is written, and its first rows."""

    # "csv" or "xlsx".
    kind: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    # Rows that hold anything, the header included.
    rows: int
    sample: tuple[TableRecord, ...]
    # What the encoding could be, itself first, with how a cell would read; none where the file itself tells.
    candidates: tuple[tuple[str, str], ...] = ()
    # Other sheets that hold leads.
    other_sheets: tuple[str, ...] = ()
    # It lay on its side: its columns are read as rows, and are numbered so.
    turned: bool = False

    def as_plain(self) -> dict[str, Any]:
        """Convert to values for a JSON column."""
        return asdict(self) | {"sample": [[record.row, record.cells] for record in self.sample]}

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Staged":
        sample = tuple(TableRecord(row, cells) for row, cells in plain["sample"])
        candidates = tuple((codec, example) for codec, example in plain.get("candidates", ()))
        others = tuple(plain.get("other_sheets", ()))
        values = {"sheets": tuple(plain["sheets"]), "sample": sample, "candidates": candidates, "other_sheets": others}
        return cls(**{**plain, **values})

    @property
    def unsure(self) -> bool:
        """True if the encoding is ambiguous."""
        return len(self.candidates) > 1


def stage(file: IO[bytes], into: IO[bytes], *, sheet: str = "", encoding: str = "") -> Staged:
    """Write the rows of a file as JSON lines. Raises Unreadable with a sentence; discard `into` then."""
    with in_words():
        staged = _stage_rows(file, into, sheet, encoding)
        if staged.rows <= SAMPLE and lies_on_its_side(staged.sample):
            return _stage_transposed(staged, into)
        return staged


def _stage_transposed(found: Staged, into: IO[bytes]) -> Staged:
    """Stage the columns of a transposed sheet as rows."""
    records = transpose_rows(found.sample)
    into.seek(0)
    into.truncate()
    into.writelines(map(line_of, records))
    return replace(found, rows=len(records), sample=tuple(records[:SAMPLE]), turned=True)


def _stage_rows(file: IO[bytes], into: IO[bytes], sheet: str, encoding: str) -> Staged:
    if is_workbook(file):
        return _stage_workbook(file, into, sheet)
    survey_result = survey(file, lambda record: into.write(line_of(record)), encoding=encoding)
    layout = survey_result.layout
    sample = tuple(survey_result.sample)
    candidates = tuple(layout.candidates)
    return Staged("csv", layout.encoding, layout.delimiter, "", (), survey_result.rows, sample, candidates)


def _stage_workbook(file: IO[bytes], into: IO[bytes], sheet: str) -> Staged:
    book = Workbook(file)
    with_leads = _with_leads(book)
    chosen = sheet or (with_leads[0] if with_leads else book.sheets[0].name)
    sample: list[TableRecord] = []
    count = 0
    for record in book.rows(chosen):
        count += 1
        if count <= SAMPLE:
            sample.append(record)
        into.write(line_of(record))
    if not count:
        raise UnreadableTable.no_rows()
    names = tuple(each.name for each in book.sheets)
    others = tuple(name for name in with_leads if name != chosen)
    return Staged("xlsx", "utf-8", "", chosen, names, count, tuple(sample), other_sheets=others)


def _with_leads(book: Workbook) -> list[str]:
    """List the sheets with rows whose header identifies a customer; the one with most lead columns first.

    Where none does, the first that has any column of a lead, or any row.
    """
    counts: list[tuple[int, str]] = []
    best = ""
    most = -1
    for sheet, sample in book.samples():
        fields = max((known_fields(record) for record in sample[:HEADER_WITHIN]), key=len, default=set())
        lead_columns = -1
        if sample:
            lead_columns = len(fields)
        if len(sample) > 1 and lead_columns > 1 and WHO & fields:
            counts.append((lead_columns, sheet.name))
        if lead_columns > most:
            best = sheet.name
            most = lead_columns
    counts.sort(key=lambda each: -each[0])
    names = [name for _found, name in counts]
    if best in names or not best:
        return names
    return [best, *names]


def line_of(record: TableRecord) -> bytes:
    """Serialize one row as a line of JSON."""
    if record.cut_off:
        plain = [record.row, record.cells, 1]
    else:
        plain = [record.row, record.cells]
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def walk(staged: IO[bytes], *, byte: int = 0) -> Iterator[tuple[TableRecord, int]]:
    """Iterate over the rows from a byte offset, each with the offset after it."""
    staged.seek(byte)
    for line in iter(staged.readline, b""):
        byte += len(line)
        plain = orjson.loads(line)
        yield TableRecord(plain[0], plain[1], len(plain) > 2), byte
