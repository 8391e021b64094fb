"""A workbook is read like a text of rows; a hostile one gets a sentence before any of it is unpacked."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest

from libs.tabular import UnreadableTable, Workbook, is_workbook, worksheet
from libs.tabular.worksheet import _Sheet, number_text
from tests.libs.tabular.reading import read_cells, read_rows
from tests.libs.tabular.workbooks import SHEET, altered, inline, sheet, workbook

HEADER = ["Name", "Phone", "Created", "Amount", "Note"]
SOUND = workbook([HEADER, ["Jan", "0612345678", date(2026, 3, 4), 18400.5, "-5"]])


def test_typed_cells_become_the_text_a_person_would_write() -> None:
    content = workbook(
        [
            HEADER,
            ["Jan", 31612345678, date(2026, 3, 4), 18400.5, "=1+1"],
            ["Zoë", "+33 6 12", datetime.fromisoformat("2026-03-04T14:30"), 12.125, "-5"],
            ["Piet", 3.1612345678e10, None, 0, True],
        ]
    )
    assert read_cells(content)[1:] == [
        ["Jan", "31612345678", "2026-03-04", "18400.5", "=1+1"],
        ["Zoë", "+33 6 12", "2026-03-04 14:30:00", "12.1250", "-5"],
        ["Piet", "31612345678", "", "0", "TRUE"],
    ]


def test_a_format_of_zeros_shows_the_zeros_in_front() -> None:
    """A postcode typed as a number: Excel's own format for it."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Name", "Zip", "Bid"])
    book.active.append(["Ann", 2134, 2134])
    book.active["B2"].number_format = "00000"
    book.active["C2"].number_format = "0"
    book.save(file)
    assert read_cells(file.getvalue())[1] == ["Ann", "02134", "2134"]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("31612345678", "31612345678"),
        ("3.1612345678E10", "31612345678"),
        ("3.36E+10", "3.36E+10"),
        ("612345678.0", "612345678"),
        ("1.1000000000000001", "1.1"),
        ("0.125", "0.1250"),
        ("-5", "-5"),
    ],
)
def test_a_number_keeps_its_digits_or_shows_that_it_lost_them(stored: str, text: str) -> None:
    assert number_text(stored) == text


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    content = altered(SOUND, {SHEET: sheet(f'<row r="3"><c r="B3" t="str"><v>Name</v></c></row>{inline("x", "y")}')})
    assert [(record.row, record.cells) for record in read_rows(content)] == [(3, ["", "Name"]), (4, ["x", "y"])]


def test_a_formula_is_its_last_result_or_its_own_text() -> None:
    cells = '<c t="str"><f>CONCAT(A1)</f><v>Jan</v></c><c><f>cmd|/c calc</f></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert read_cells(altered(SOUND, {SHEET: sheet(f"<row>{cells}</row>")})) == [["Jan", "=cmd|/c calc"]]


def test_macros_and_links_are_not_even_read() -> None:
    links = b'<?xml version="1.0"?><externalLink xmlns="x"><!-- no XML at all & -->'
    content = altered(SOUND, {"xl/vbaProject.bin": b"\0" * 99, "xl/externalLinks/externalLink1.xml": links})
    assert read_cells(content)[1][0] == "Jan"


def test_a_dimension_that_lies_changes_nothing() -> None:
    lie = sheet(inline("Name", "Phone")).replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    assert read_cells(altered(SOUND, {SHEET: lie})) == [["Name", "Phone"]]


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def with_flag(content: bytes) -> bytes:
    """The same archive with every part marked as encrypted."""
    raw = bytearray(content)
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 4)
    return bytes(raw)


def with_size(content: bytes, size: int) -> bytes:
    """The same archive; its directory says the sheet is that many bytes."""
    raw = bytearray(content)
    at = raw.rfind(b"PK\x01\x02", 0, raw.rfind(SHEET.encode()))
    struct.pack_into("<L", raw, at + 24, size)
    return bytes(raw)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SOUND[: len(SOUND) // 2], "damaged or incomplete"),
        (SOUND[:-40], "damaged or incomplete"),
        (with_size(SOUND, 50), "damaged or incomplete"),
        (with_flag(SOUND), "protected by a password"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE, "old Excel workbook"),
        (altered(SOUND, {SHEET: sheet("x" * 60_000_000)}), "unpacks to far more"),
        (altered(SOUND, {"xl/styles.xml": b"<styleSheet>" + b" " * 17_000_000}), "unpacks to far more"),
        (altered(SOUND, {f"xl/part{n}.xml": b"" for n in range(2100)}), "more parts"),
        (altered(SOUND, {"../../etc/cron.d/x": b"x"}), "outside itself"),
        (altered(SOUND, {"/etc/passwd": b"x"}), "outside itself"),
        (altered(SOUND, {"C:\\x": b"x"}), "outside itself"),
        (altered(SOUND, {SHEET: sheet(inline("&e;"), ENTITY)}), "contains XML entities"),
        (altered(SOUND, {"xl/sharedStrings.xml": sheet("&b;", LAUGHS)}), "contains XML entities"),
        (altered(SOUND, {"xl/workbook.xml": f"{ENTITY}<workbook>&e;</workbook>".encode()}), "contains XML entities"),
        (altered(SOUND, {SHEET: b"<html><table><tr>"}), "damaged or incomplete"),
        (altered(SOUND, {SHEET: sheet(inline(*["x"] * 600))}), "column 501"),
        (altered(SOUND, {SHEET: sheet('<row><c r="XFD1" t="str"><v>x</v></c></row>')}), "column 16,384"),
        (altered(SOUND, {SHEET: sheet(inline("x" * 140_000))}), "more than 131,072 characters"),
        (altered(SOUND, {"xl/workbook.xml": None}), "damaged or incomplete"),
        (altered(SOUND, {"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), "binary workbook"),
        (altered(SOUND, {"xl/workbook.xml": None, "word/document.xml": b"x"}), "text document"),
        (
            altered(SOUND, {"xl/workbook.xml": None, "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "OpenDocument",
        ),
        (b"<html><body><table><tr><td>name</td></tr></table>", "web page"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_workbook_gets_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableTable, match=said) as unreadable:
        read_rows(content)
    assert str(unreadable.value).endswith((".", "?"))


def test_an_archive_of_other_things_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("leads.csv", "name\n")
    assert is_workbook(file)
    with pytest.raises(UnreadableTable, match="compressed"):
        Workbook(file)


def test_no_more_rows_are_read_than_a_spreadsheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of millions of empty ones take a few megabytes, packed, and would keep a worker for an hour."""
    monkeypatch.setattr(worksheet, "MAX_ROW", 3)
    header, lead = inline("Name", "Email"), inline("Ann", "ann@example.com")
    assert len(read_rows(altered(SOUND, {SHEET: sheet(f"{header}<row/>{lead}")}))) == 2
    with pytest.raises(UnreadableTable, match="more than 3 rows, more than a spreadsheet can have"):
        read_rows(altered(SOUND, {SHEET: sheet(f"{header}<row/><row/>{lead}")}))


def test_memory_is_flat_in_the_rows_of_a_sheet() -> None:
    def peak(rows: int) -> int:
        content = io.BytesIO(altered(SOUND, {SHEET: sheet(inline("Jan", "x@example.com", "Epe") * rows)}))
        tracemalloc.start()
        try:
            assert sum(1 for _record in Workbook(content).rows("Leads")) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8000) < peak(1000) * 1.3 + 300_000


def test_two_cells_a_million_rows_apart_are_two_rows() -> None:
    """A reader that holds a sheet as a table asks for 17 GB here and ends (docs/decisions/0024-libraries.md)."""
    far = '<row r="1"><c r="A1" t="str"><v>Name</v></c></row><row r="1048576"><c r="SF1048576"><v>1</v></c></row>'
    content = altered(SOUND, {SHEET: sheet(far)})
    tracemalloc.start()
    try:
        records = read_rows(content)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert [(record.row, record.cells[-1]) for record in records] == [(1, "Name"), (1_048_576, "1")]


def test_a_strict_workbook_is_read_like_any_other() -> None:
    """Office's “Strict Open XML” has other namespaces, and its days are texts."""
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
        ).replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        for name, part in parts.items()
    }
    assert read_cells(altered(SOUND, strict)) == read_cells(SOUND)
    days = '<row><c t="d"><v>2026-03-04T00:00:00</v></c><c t="d"><v>2026-03-04T14:30:00</v></c></row>'
    assert read_cells(altered(SOUND, {SHEET: sheet(days)})) == [["2026-03-04", "2026-03-04 14:30:00"]]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b'numFmtId="', b'numFmtId="x'),
        ("xl/styles.xml", b"<cellXfs", b"<cellXfs count='many'"),
        (SHEET, b' s="', b' s="x'),
        (SHEET, b' t="n"', b' t="s"'),
        (SHEET, b"<v>", b"<v>1e999"),
        (SHEET, b"<v>", b"<v>nan"),
        (SHEET, b"<?xml", b"\xff\xfe<?xml"),
        (SHEET, b"<worksheet", b'<?xml version="1.0" encoding="nope"?><worksheet'),
        (SHEET, b"<worksheet", b'<?xml version="1.0" encoding="utf-7"?><worksheet'),
        ("xl/workbook.xml", b"<workbook", b'<?xml version="1.0" encoding="nope"?><workbook'),
        ("xl/workbook.xml", b"<workbook", b'<?xml version="1.0" encoding="rot13"?><workbook'),
        ("xl/styles.xml", b"<styleSheet", b'<?xml version="1.0" encoding="idna"?><styleSheet'),
    ],
)
def test_whatever_a_workbook_says_of_itself_it_is_read_or_refused_in_words(part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        content = archive.read(part)
    if new.startswith(b"<?xml version"):
        content = content[content.index(old) :]
    with suppress(UnreadableTable):
        assert read_cells(altered(SOUND, {part: content.replace(old, new)}))


def test_characters_no_xml_holds_are_read() -> None:
    cells = inline("one_x000D_\ntwo", "_x005F_x000D_", "a_xD800_b_x0000_c", "x_xylo")
    assert read_cells(altered(SOUND, {SHEET: sheet(cells)})) == [
        ["one\r\ntwo", "_x000D_", "a_xD800_b_x0000_c", "x_xylo"]
    ]


def test_a_text_of_many_lines_in_a_cell_is_handed_over_in_pieces_not_line_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    whole = _Sheet.characters
    monkeypatch.setattr(_Sheet, "characters", lambda *given: calls.append(1) or whole(*given))
    content = altered(SOUND, {SHEET: sheet(f"{inline('x' + 10_000 * '&#10;' + 'y')}" + 10_000 * "\n")})
    rows = list(Workbook(io.BytesIO(content)).rows("Leads"))
    assert rows[0].cells == ["x" + 10_000 * "\n" + "y"]
    assert len(calls) < 20
