"""Stage files: convert any file format to one JSON line per row, so that all later passes read the same.

A pass goes on from any byte; a workbook or an odd encoding is understood once. Nothing is staged of a file that turns
out unreadable on its last line.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from leads.importing.files.archives import is_workbook
from leads.importing.files.delimited_text import Record, survey
from leads.importing.files.unreadable import Unreadable
from leads.importing.files.workbook import Workbook
from leads.importing.mapping.columns import known_fields

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
    sample: tuple[Record, ...]
    # What the encoding could be, itself first, with how a cell would read; none where the file itself tells.
    candidates: tuple[tuple[str, str], ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Convert to values for a JSON column."""
        return asdict(self) | {"sample": [[record.row, record.cells] for record in self.sample]}

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> "Staged":
        sample = tuple(Record(row, cells) for row, cells in plain["sample"])
        candidates = tuple((codec, example) for codec, example in plain.get("candidates", ()))
        return cls(**{**plain, "sheets": tuple(plain["sheets"]), "sample": sample, "candidates": candidates})

    @property
    def unsure(self) -> bool:
        """Whether its encoding could be another one as well."""
        return len(self.candidates) > 1


def stage(file: IO[bytes], into: IO[bytes], *, sheet: str = "", encoding: str = "") -> Staged:
    """Write the rows of a file as JSON lines. Raises Unreadable with a sentence; `into` is then to be thrown away."""
    if is_workbook(file):
        return _stage_workbook(file, into, sheet)
    found = survey(file, lambda record: into.write(line_of(record)), encoding=encoding)
    told = found.layout
    sample, candidates = tuple(found.sample), tuple(told.candidates)
    return Staged("csv", told.encoding, told.delimiter, "", (), found.rows, sample, candidates)


def _stage_workbook(file: IO[bytes], into: IO[bytes], sheet: str) -> Staged:
    book = Workbook(file)
    chosen = sheet or _with_leads(book)
    sample: list[Record] = []
    count = 0
    for record in book.rows(chosen):
        count += 1
        if count <= SAMPLE:
            sample.append(record)
        into.write(line_of(record))
    if not count:
        raise Unreadable.no_rows()
    names = tuple(each.name for each in book.sheets)
    return Staged("xlsx", "utf-8", "", chosen, names, count, tuple(sample))


def _with_leads(book: Workbook) -> str:
    """Choose the sheet whose header has most lead columns; the first non-empty one where none does."""
    best, most = book.sheets[0].name, -1
    for sheet, sample in book.samples():
        found = max((len(known_fields(record)) for record in sample[:10]), default=-1)
        if found > most:
            best, most = sheet.name, found
    return best


def line_of(record: Record) -> bytes:
    """Serialize one row as its line."""
    plain = [record.row, record.cells, 1] if record.cut_off else [record.row, record.cells]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def walk(staged: IO[bytes], *, byte: int = 0) -> Iterator[tuple[Record, int]]:
    """Iterate over the rows from a byte on, each with the byte after it."""
    staged.seek(byte)
    for line in iter(staged.readline, b""):
        byte += len(line)
        plain = json.loads(line)
        yield Record(plain[0], plain[1], len(plain) > 2), byte
