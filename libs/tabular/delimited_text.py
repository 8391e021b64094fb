"""Parse CSV files as written by spreadsheets, with constant memory.

`survey` reads the whole file once before anything is written, so that a file that can't be read leaves nothing
behind. It reads line by line under limits.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from statistics import mode
from typing import IO, BinaryIO, cast

from libs.sentence import Sentence as _
from libs.tabular.encoding import Encoding, given_encoding, guess_encoding
from libs.tabular.unreadable import MAX_CELL, MAX_COLUMNS, MAX_RECORD, UnreadableTable

_DELIMITERS = ",;\t|"
_SAMPLE = 50
_SAMPLE_LENGTH = 200_000
_PIECE = 1 << 18
# So many columns count where the first line names none of them.
_MOST_UNNAMED = 10
# Fed to the parser after the last line: inside an unclosed quote it does not come out as a row of its own.
_END = "\x1aend of file\x1a"
_EMPTY = frozenset({"\n", "\r\n", "\r"})


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One row: its number as a spreadsheet shows it (1 is the first), and its cells."""

    row: int
    cells: list[str]
    # True for a last row that is shorter than the header and has no line break: the file was cut there.
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The format of the file: encoding, delimiter and more."""

    encoding: str
    delimiter: str
    # Lines in front of the first row: the `sep=` line.
    skipped_lines: int
    # What else the encoding could be (Encoding.candidates).
    candidates: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """The results of the first pass over the file."""

    layout: Layout
    # The first rows, among which the header is.
    sample: list[TableRecord]
    # Rows that hold anything at all, the header included.
    rows: int


def survey(
    file: IO[bytes], take: Callable[[TableRecord], object] = lambda record: None, *, encoding: str = ""
) -> Survey:
    """Read the whole file once, passing on each row. Raises UnreadableTable if it isn't rows of text."""
    layout = guess_layout(file, given_encoding(file, encoding) if encoding else guess_encoding(file))
    sample: list[TableRecord] = []
    rows = 0
    for record in records(file, layout):
        rows += 1
        take(record)
        if rows <= _SAMPLE:
            sample.append(record)
    if not rows:
        raise UnreadableTable.no_rows()
    return Survey(layout, sample, rows)


def line_count(file: IO[bytes]) -> int:
    """Count the line breaks of a file in any encoding, as even empty lines take time."""
    file.seek(0)
    feeds = returns = 0
    while piece := file.read(_PIECE):
        feeds += piece.count(b"\n")
        returns += piece.count(b"\r")
    return max(feeds, returns)


def guess_layout(file: IO[bytes], encoding: Encoding) -> Layout:
    """Guess the delimiter from a `sep=` line or the first rows. Raises UnreadableTable."""
    with _open_text(file, encoding.codec) as text:
        first = _TextLines(text, 0).read().strip('\r\n"')
        if first.lower().startswith("sep=") and len(first) <= 5:
            return Layout(encoding.codec, first[4:] or "\t", 1, encoding.candidates)
        text.seek(0)
        sample = list(_first_lines(_TextLines(text, 0)))
    delimiter = max(_DELIMITERS, key=lambda delimiter: _delimiter_fit(sample, delimiter))
    return Layout(encoding.codec, delimiter, 0, encoding.candidates)


def _delimiter_fit(sample: list[str], delimiter: str) -> float:
    """Return how well a delimiter fits the first lines: usual column count times share of rows with it."""
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0
    # Of the rows it parts: a report's footer may have more lines than a short list has rows.
    parted = [width for width in widths if width > 1]
    usual = mode(parted) if parted else 1
    if usual < 2:
        return 0.1
    # Commas in every amount ("18.400,00") but none in the header: not what divides the columns. Nor are the hundreds of
    # lines of a table that was pasted into a note.
    weight = usual if widths[0] > 1 else 0.2 * min(usual, _MOST_UNNAMED)
    return weight * widths.count(usual) / len(widths)


def _first_lines(lines: "_TextLines") -> Iterator[str]:
    length = 0
    for line in islice(lines, _SAMPLE):
        length += len(line)
        if lines.ended or length > _SAMPLE_LENGTH:
            return
        lines.begin_record()
        yield line


def records(file: IO[bytes], layout: Layout) -> Iterator[TableRecord]:
    """Iterate over the non-empty rows, in order, reading a line at a time. Raises UnreadableTable."""
    with _open_text(file, layout.encoding) as text:
        lines = _TextLines(text, layout.skipped_lines)
        reader = csv.reader(lines, delimiter=layout.delimiter)
        width = row = 0
        while True:
            row += 1 + lines.pass_empty()
            lines.begin_record()
            cells = _next_row(reader, lines)
            if cells is None:
                return
            if lines.number > lines.record_line and (apart := _split_apart(lines.record, layout.delimiter, width)):
                yield from (TableRecord(row + at, each) for at, each in enumerate(apart) if any(map(str.strip, each)))
                row += len(apart) - 1
                continue
            if len(cells) > MAX_COLUMNS and len(_without_empty_tail(cells)) > MAX_COLUMNS:
                raise UnreadableTable(
                    _("Row %(row)s has %(count)s columns. The limit is %(limit)s. Delete some of them.")
                    % {"row": row, "count": len(cells), "limit": MAX_COLUMNS}
                )
            if (joined_cells := "".join(cells)) and not joined_cells.isspace():
                width = width or len(cells)
                yield TableRecord(row, cells, lines.broke_off and len(cells) < width)


def _next_row(reader: Iterator[list[str]], lines: "_TextLines") -> list[str] | None:
    try:
        cells = next(reader, None)
    except csv.Error:
        raise UnreadableTable(
            _(
                "Line %(line)s has a cell of more than %(limit)s characters: a quote is not closed, or this is "
                "not a CSV file."
            )
            % {"line": lines.record_line, "limit": MAX_CELL}
        ) from None
    if cells is None or cells == [_END]:
        return None
    if lines.ended and _END in cells[-1]:
        raise UnreadableTable(
            _("The file ends inside a quoted cell that begins on line %(line)s. It is incomplete.")
            % {"line": lines.record_line}
        )
    return cells


def _split_apart(lines: Sequence[str], delimiter: str, width: int) -> list[list[str]]:
    """Split lines that a stray quote joined into one row; none if the quotes belong to a multi-line cell.

    After the second quote there is more text, `"starts at 5` … `a roof of 12" x`, and each line is a row by itself.
    """
    with suppress(csv.Error):
        list(csv.reader(lines, delimiter=delimiter, strict=True))
        return []
    with suppress(csv.Error):  # quotes count as signs of the cell here, which may be too many
        rows = list(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        if all(len(row) in (0, width) for row in rows):
            return rows
        return []
    return []


def _without_empty_tail(cells: list[str]) -> list[str]:
    last = max((index for index, cell in enumerate(cells) if cell), default=-1)
    return cells[: last + 1]


@contextmanager
def _open_text(file: IO[bytes], encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open the file as text from its beginning; the file itself stays open."""
    file.seek(0)
    wrapper = io.TextIOWrapper(cast("BinaryIO", file), encoding, newline="")
    try:
        yield wrapper
    finally:
        wrapper.detach()


class _TextLines:
    """Lines for the csv parser, within the limits of lines and multi-line records."""

    def __init__(self, text: io.TextIOWrapper, skip: int) -> None:
        self.text = text
        self.number = 0
        self.record_line = 1
        self.ended = self.broke_off = False
        self.length = 0
        # Read already, but not handed out.
        self.held = ""
        # Those of the record that is read.
        self.record: list[str] = []
        for _line in range(skip):
            self.read()

    def begin_record(self) -> None:
        self.record_line = self.number + 1
        self.length = 0
        self.record.clear()

    def pass_empty(self) -> int:
        """Skip and count the empty lines before the next row, which the parser would return as rows."""
        readline = self.text.readline
        passed = 0
        try:
            while (line := readline(MAX_RECORD + 1)) in _EMPTY:
                passed += 1
        except UnicodeError:
            self.number += passed
            raise self._damaged_error() from None
        self.number += passed
        self.held = line
        return passed

    def __iter__(self) -> "_TextLines":
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = self.read()
        if not line:
            self.ended = True
            return _END
        return line

    def read(self) -> str:
        try:
            line = self.held or self.text.readline(MAX_RECORD + 1)
        except UnicodeError:
            raise self._damaged_error() from None
        self.held = ""
        self.number += 1
        self.length += len(line)
        if self.length > MAX_RECORD:
            raise UnreadableTable.long_line(self.record_line)
        if "\0" in line:
            raise UnreadableTable(
                _("Line %(line)s contains a NUL character: the file is damaged or is not text.") % {"line": self.number}
            )
        self.record.append(line)
        self.broke_off = bool(line) and line[-1] not in "\r\n"
        return line

    def _damaged_error(self) -> UnreadableTable:
        return UnreadableTable(
            _("After line %(line)s the file contains bytes that are not text. It is damaged or incomplete.")
            % {"line": self.number}
        )
