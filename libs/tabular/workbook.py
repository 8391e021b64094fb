"""Open an XLSX workbook: its sheets, a sample of each, and its rows in order."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from libs.sentence import Sentence as _
from libs.tabular.archives import BROKEN, DAMAGED, MAX_SHEET, MAX_TEXTS, open_workbook, part
from libs.tabular.delimited_text import TableRecord
from libs.tabular.unreadable import MAX_CELL, UnreadableTable
from libs.tabular.worksheet import Formats, parse_part, rows, unescape

# Of the usual workbooks and of "strict" ones, which write other namespaces.
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_WORKSHEET = "/worksheet"
# Sheets that are looked into, and rows of each, to find the one that is meant.
_LOOKED_AT = 20
_SAMPLE = 50
MAX_SHEETS = 200
# A longer format is none.
_FORMAT = 255


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its part in the archive."""

    name: str
    part: str
    hidden: bool = False


class Workbook:
    """An open workbook. Raises UnreadableTable if damaged, protected, hostile, or no workbook."""

    def __init__(self, file: IO[bytes]) -> None:
        self.archive = open_workbook(file)
        book = self._parse_xml("xl/workbook.xml")
        targets = self._worksheet_parts()
        sheets = [
            Sheet(e.get("name", "")[:80], targets[relation], e.get("state", "visible") != "visible")
            for e in _elements_named(book, "sheet")
            if (relation := next(filter(None, map(e.get, _RELATIONS)), "")) in targets
        ]
        if not sheets or len(sheets) > MAX_SHEETS:
            raise UnreadableTable(_("No sheet of this workbook has rows.") if not sheets else DAMAGED)
        # What its maker hid comes last.
        self.sheets: Sequence[Sheet] = sorted(sheets, key=lambda sheet: sheet.hidden)
        old_epoch = any(e.get("date1904") in {"1", "true"} for e in _elements_named(book, "workbookPr"))
        self.formats = Formats(self._shared_texts(), *self._date_formats(), MAC_EPOCH if old_epoch else WINDOWS_EPOCH)

    def rows(self, sheet: str) -> Iterator[TableRecord]:
        """Yield the rows of a sheet by name; of the first one if there is none of that name."""
        chosen = next((each for each in self.sheets if each.name == sheet), self.sheets[0])
        return rows(part(self.archive, chosen.part, MAX_SHEET), self.formats)

    def samples(self) -> Iterator[tuple[Sheet, list[TableRecord]]]:
        """Return the first rows of each sheet."""
        for sheet in self.sheets[:_LOOKED_AT]:
            yield sheet, list(islice(self.rows(sheet.name), _SAMPLE))

    def _parse_xml(self, name: str) -> Element:
        with part(self.archive, name) as file:
            try:
                return fromstring(file.read(), forbid_dtd=True)
            except DefusedXmlException:
                raise UnreadableTable(
                    _("This workbook contains XML entities, which are not allowed. It was not read.")
                ) from None
            except (ParseError, *BROKEN):
                raise UnreadableTable(DAMAGED) from None

    def _worksheet_parts(self) -> dict[str, str]:
        """Map relation IDs to worksheet parts, ignoring targets outside the workbook."""
        targets = {}
        for each in _elements_named(self._parse_xml("xl/_rels/workbook.xml.rels"), "Relationship"):
            target = posixpath.normpath(posixpath.join("/xl", each.get("Target", ""))).lstrip("/")
            if each.get("Type", "").endswith(_WORKSHEET) and each.get("TargetMode") != "External":
                targets[each.get("Id", "")] = target
        return {key: target for key, target in targets.items() if target in self.archive.NameToInfo}

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.archive.NameToInfo:
            return []
        texts = _Texts()
        with part(self.archive, "xl/sharedStrings.xml", MAX_TEXTS) as file:
            for _none in parse_part(file, texts, tuple):
                pass
        return texts.found

    def _date_formats(self) -> tuple[frozenset[int], dict[int, int]]:
        """Return the cell formats that show a date, and those of zeros only, "00000", with their digits."""
        if "xl/styles.xml" not in self.archive.NameToInfo:
            return frozenset(), {}
        styles = self._parse_xml("xl/styles.xml")
        codes = {
            _format_number(e.get("numFmtId")): e.get("formatCode", "")[:_FORMAT]
            for e in _elements_named(styles, "numFmt")
        }
        listed = next(_elements_named(styles, "cellXfs"), None)
        ids = []
        if listed is not None:
            ids = [_format_number(e.get("numFmtId")) for e in _elements_named(listed, "xf")]
        format_codes = [codes.get(pk, BUILTIN_FORMATS.get(pk, "")) for pk in ids]
        dates = {code for code in set(format_codes) if is_date_format(code)}
        digits = {at: len(code) for at, code in enumerate(format_codes) if len(code) > 1 and not code.strip("0")}
        return frozenset(at for at, code in enumerate(format_codes) if code in dates), digits


class _Texts(ContentHandler):
    """Parser of shared strings: `<si><t>…</t></si>`, also in runs, without phonetic readings (`rPh`)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text: list[str] = []
        self.length = 0
        self.inside = self.phonetic = False

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802
        name = name.rpartition(":")[2]
        if name == "si":
            self.text = []
            self.length = 0
        elif name == "rPh":
            self.phonetic = True
        self.inside = name == "t" and not self.phonetic

    def characters(self, content: str) -> None:
        self.length += len(content)
        if self.inside and self.length <= MAX_CELL:
            self.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        name = name.rpartition(":")[2]
        self.inside = False
        if name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.found.append(unescape("".join(self.text)))


def _format_number(text: str | None) -> int:
    """Return the number of a format; the default format for an invalid one."""
    if text and len(text) < 9 and text.isascii() and text.isdigit():
        return int(text)
    return 0


def _elements_named(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if each.tag.rpartition("}")[2] == name)
