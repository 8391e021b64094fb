"""Parse an XLSX sheet row by row, with constant memory whatever size it declares.

Only values are taken: no formula is computed, no link is followed, no macro is even read. Why neither openpyxl nor
calamine reads it: docs/decisions/0024-libraries.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import IO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from openpyxl.utils.datetime import from_excel

from libs.sentence import Sentence as _
from libs.tabular.archives import BROKEN, DAMAGED
from libs.tabular.delimited_text import TableRecord
from libs.tabular.unreadable import MAX_CELL, MAX_COLUMNS, UnreadableTable

_PIECE = 1 << 16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What a spreadsheet has. A packed file may hold hundreds of millions, each of them empty.
MAX_ROW = 1 << 20
# A column's letters, beyond which nobody looks: XFD is the last one a spreadsheet has.
_MAX_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Formats:
    """The shared strings and date formats to turn a stored cell into its displayed text."""

    texts: Sequence[str]
    # The cell formats that show a date.
    dates: frozenset[int]
    # How many digits a cell format shows at least: a postcode of 2134 as "02134".
    digits: Mapping[int, int]
    epoch: datetime


def rows(part: IO[bytes], formats: Formats) -> Iterator[TableRecord]:
    """Iterate over the sheet's non-empty rows. Raises UnreadableTable for XML that is damaged or hostile."""
    handler = _Sheet(formats)
    try:
        yield from parse_part(part, handler, handler.take_rows)
    finally:
        part.close()


def parse_part(
    part: IO[bytes], handler: ContentHandler, take_rows: Callable[[], Sequence[TableRecord]]
) -> Iterator[TableRecord]:
    """Feed a part to a SAX handler in pieces, yielding its results after each. Entities and DTDs are refused."""
    parser = _Parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        while piece := part.read(_PIECE):
            parser.feed(piece)
            yield from take_rows()
        parser.close()
        yield from take_rows()
    except DefusedXmlException:
        raise UnreadableTable(
            _("This workbook contains XML entities, which are not allowed. It was not read.")
        ) from None
    except (SAXException, *BROKEN):
        raise UnreadableTable(DAMAGED) from None


class _Parser(DefusedExpatParser):
    """A parser without the layer between expat and a handler: attributes are a dict, texts are in one piece.

    Else each element costs two objects and a call more, and each line break in a text is a call of its own.
    """

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._cont_handler.startElement
        self._parser.EndElementHandler = self._cont_handler.endElement


class _Sheet(ContentHandler):
    """SAX handler of rows: `<row r="2"><c r="A2" s="1" t="s"><v>0</v></c></row>`; everything else is ignored."""

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self.formats = formats
        self.found: list[TableRecord] = []
        self.row = self.column = self.count = 0
        self.cells: list[str] = []
        self.kind = self.formula = ""
        self.style = 0
        self.text: list[str] = []
        self.length = 0
        # "v", "t" or "f" while its text is wanted.
        self.inside = ""
        self.phonetic = False

    def take_rows(self) -> list[TableRecord]:
        """Return the rows since the last call."""
        rows = self.found
        self.found = []
        return rows

    def startElement(self, name: str, attrs: "object") -> None:  # noqa: N802
        if ":" in name:
            name = name.rpartition(":")[2]
        get = attrs.get  # type: ignore[attr-defined]
        if name == "c":
            if get("r"):
                self.column = _column_number(get("r"))
            else:
                self.column = self.column + 1
            self.kind = get("t") or "n"
            self.style = int(get("s") or 0)
            self.text = []
            self.formula = ""
            self.length = 0
        elif name in {"v", "t", "f"}:
            if self.phonetic:
                self.inside = ""
            else:
                self.inside = name
            if name == "f":
                self.text = []
                self.length = 0
        elif name == "row":
            self.count += 1
            if self.count > MAX_ROW:
                raise UnreadableTable(
                    _("This sheet has more than %(limit)s rows, more than a spreadsheet can have. It was not read.")
                    % {"limit": MAX_ROW}
                )
            self.row = max(self.row + 1, min(int(get("r") or 0), MAX_ROW))
            self.cells = []
            self.column = 0
        elif name == "rPh":
            self.phonetic = True

    def characters(self, content: str) -> None:
        if not self.inside:
            return
        self.length += len(content)
        if self.length > MAX_CELL:
            raise UnreadableTable(
                _("Row %(row)s has a cell of more than %(limit)s characters.") % {"row": self.row, "limit": MAX_CELL}
            )
        self.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self.inside = ""
        elif name == "f":
            self.formula = "=" + "".join(self.text)
            self.text = []
            self.length = 0
            self.inside = ""
        elif name == "rPh":
            self.phonetic = False
        elif name == "c":
            self._add_cell(self._cell_text("".join(self.text)))
        elif name == "row" and self.cells and (joined_cells := "".join(self.cells)) and not joined_cells.isspace():
            self.found.append(TableRecord(self.row, self.cells))

    def _add_cell(self, shown: str) -> None:
        if not shown:
            return
        if self.column > MAX_COLUMNS:
            raise UnreadableTable(
                _("Row %(row)s has a value in column %(count)s. The limit is %(limit)s columns.")
                % {"row": self.row, "count": self.column, "limit": MAX_COLUMNS}
            )
        self.cells += [""] * (self.column - 1 - len(self.cells))
        if self.column > len(self.cells):
            self.cells.append(shown)
        else:
            self.cells[self.column - 1] = shown

    def _cell_text(self, text: str) -> str:
        """Return a cell's text: a formula's last result, or the formula if it has none."""
        if not text:
            if self.kind != "e":
                return self.formula
            return ""
        if self.kind == "s":
            at = int(text)
            if 0 <= at < len(self.formats.texts):
                return self.formats.texts[at]
            return ""
        if self.kind == "n":
            if self.style in self.formats.dates:
                return date_text(text, self.formats.epoch)
            return number_text(text).zfill(self.formats.digits.get(self.style, 0))
        if self.kind == "b":
            if text == "1":
                return "TRUE"
            return "FALSE"
        if self.kind == "d":
            return text.removesuffix("T00:00:00").replace("T", " ")
        if self.kind == "e":
            return ""
        return unescape(text)


def unescape(text: str) -> str:
    """Decode characters that XML can't contain: "_x000D_" is a line end."""
    if "_x" in text:
        return _ESCAPED.sub(_decode_escape, text)
    return text


def _decode_escape(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    # What no text holds is left as it is written.
    if 0xD800 <= code < 0xE000 or (code < 32 and code not in (9, 10, 13)):
        return found[0]
    return chr(code)


def _column_number(reference: str) -> int:
    number = 0
    for letter in reference[: _MAX_LETTERS + 1]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def number_text(stored: str) -> str:
    """Format a stored number in plain digits: "33612345678", "0.25"; a rounded one stays "3.36E+10"."""
    if stored.isdecimal() and len(stored) < 16:
        return stored
    number = float(stored)
    mantissa, _e, exponent = stored.upper().partition("E")
    if exponent and int(exponent) > len(mantissa.replace(".", "").lstrip("-")) + 1:
        return stored
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.15g}"
    # Three digits behind a point would pass for thousands.
    if len(text.partition(".")[2]) == 3:
        return text + "0"
    return text


def date_text(stored: str, epoch: datetime) -> str:
    """Format the day, or day and time, of a stored number; the number itself if it is no date."""
    try:
        at = from_excel(float(stored), epoch)
    except (OverflowError, ValueError, TypeError):
        return number_text(stored)
    if isinstance(at, timedelta | time) or at is None:
        return str(at or "")
    if at.time() == time():
        return at.date().isoformat()
    return at.replace(microsecond=0).isoformat(" ")
