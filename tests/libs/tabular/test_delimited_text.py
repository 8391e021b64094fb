"""A file of rows is read, or refused in one sentence; whatever it holds, memory stays flat."""

import io
import tracemalloc

import pytest

from libs.tabular import UnreadableTable, delimited_text, survey
from libs.tabular.delimited_text import Layout, guess_layout, records
from libs.tabular.encoding import Encoding


def cells(content: bytes) -> list[list[str]]:
    file = io.BytesIO(content)
    return [record.cells for record in records(file, survey(file).layout)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_breaks_are_guessed(encoding: str, delimiter: str, line_break: str) -> None:
    rows = [["Naam", "Plaats", "Telefoon"], ["José Peña", "Coevorden", "0612345678"], ["Zoë", "", "1"]]
    text = line_break.join(delimiter.join(row) for row in rows)
    assert cells(text.encode(encoding)) == rows


def test_a_line_that_names_the_delimiter_is_believed() -> None:
    assert cells(b"sep=;\r\na,b;c\r\n1,2;3\r\n") == [["a,b", "c"], ["1,2", "3"]]


def test_a_footer_longer_than_the_list_does_not_hide_the_delimiter() -> None:
    footer = "Page 1 sur 1\nImprimé le 04/03/2026\nTotal : 2\nNombre de lignes : 2\n"
    assert survey(io.BytesIO(f"Nom;Ville\nAnne;Paris\nJean;Lyon\n{footer}".encode())).layout.delimiter == ";"


@pytest.mark.parametrize("sign", [";", "\t", "|", ","])
@pytest.mark.parametrize("rows", [1, 8])
@pytest.mark.parametrize("times", [12, 45, 400, 3000])
def test_a_note_full_of_another_sign_does_not_make_it_the_delimiter(sign: str, rows: int, times: int) -> None:
    delimiter = ";" if sign == "," else ","
    noted = [f'B{n}{delimiter}8135550102{delimiter}"{sign * times}"' for n in range(rows)]
    plain = [f"A{n}{delimiter}8135550101{delimiter}ok" for n in range(3)]
    text = "\n".join([f"Name{delimiter}Phone{delimiter}Notes", *plain, *noted])
    assert survey(io.BytesIO(text.encode())).layout.delimiter == delimiter


def test_amounts_with_commas_do_not_make_commas_the_delimiter() -> None:
    content = "Naam;Bedrag;Btw;Totaal\n" + "Jan;18.400,00;3.864,00;22.264,00\n" * 9
    assert cells(content.encode())[1] == ["Jan", "18.400,00", "3.864,00", "22.264,00"]


def test_quotes_run_over_lines_and_hold_quotes() -> None:
    assert cells(b'name,note\r\nJan,"one\r\ntwo, ""three"""\r\n') == [["name", "note"], ["Jan", 'one\r\ntwo, "three"']]


def test_a_stray_quote_swallows_no_rows() -> None:
    content = b'name,tel,note\nAnn,1,"starts at 5\nBob,2,fine\n\nCy,3,a roof of 12" x\nDi,4,"one\ntwo"\n'
    assert cells(content) == [
        ["name", "tel", "note"],
        ["Ann", "1", '"starts at 5'],
        ["Bob", "2", "fine"],
        ["Cy", "3", 'a roof of 12" x'],
        ["Di", "4", "one\ntwo"],
    ]


def test_a_cell_full_of_quotes_is_no_reason_to_stop() -> None:
    quotes = '"' * 140_000  # half of them are the cell's; each by itself there are more than a cell may have
    content = f'name,note\nAnn,"{quotes} x\nBob,a "b" c" d\n'.encode()
    assert len(cells(content)) == 2


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    file = io.BytesIO(b'name,note\n\nJan,"a\nb"\n,\nPiet,\n')
    assert [record.row for record in records(file, survey(file).layout)] == [1, 3, 5]


def test_a_row_cut_off_at_the_end_of_the_file_is_marked() -> None:
    file = io.BytesIO(b"name,email,city\nJan,jan@example.nl,Epe\nPiet,pi")
    assert [record.cut_off for record in records(file, survey(file).layout)] == [False, False, True]


SOUND = b"name,email\n" + b"Jan,jan@example.nl\n" * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "no rows"),
        (b"\xef\xbb\xbf", "no rows"),
        (b" , \n \n", "no rows"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\n<!DOCTYPE html><table><tr><td>name</td></tr></table>", "web page"),
        (b'{"leads": []}', "JSON"),
        (SOUND + b"Piet,pi\0et@example.nl\n", "Line 5 contains a NUL"),
        ((SOUND + b"Piet,\0\n").decode().encode("utf-16"), "Line 5 contains a NUL"),
        ("name,city\nZoë,Epe\n".encode() + "René,Goes\n".encode("cp1252"), "line 2 is UTF-8, line 3 is not"),
        (b"name\nJos\x81\x01\n", "unknown encoding"),
        ("name\nZoë\nRené".encode()[:-1], "incomplete"),
        ("name,city\nJan,Epe\n".encode("utf-16")[:-1], "incomplete"),
        (SOUND + b'Piet,"piet@exam', "begins on line 5. It is incomplete"),
        (b'name,"email\n' + b"Jan,jan@example.nl\n" * 9, "incomplete"),
        (b'name,"email\n' + b"Jan,jan@example.nl\n" * 9000, "Line 1 has a cell"),
        (",".join(f"column {number}" for number in range(10_000)).encode(), "Row 1 has 10,000 columns"),
        (SOUND + b"x," * 501 + b"x\n", "Row 5 has 502 columns"),
        (b"name\n" + b"x" * 140_000, "Line 2 has a cell"),
        (b"name\n" + b"x" * 1_100_000, "Line 2 is longer"),
        (b"," * 3_000_000, "Line 1 is longer"),
        (bytes(range(1, 256)) * 10, "encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_csv_gets_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableTable, match=said) as unreadable:
        survey(io.BytesIO(content))
    assert str(unreadable.value).endswith((".", "?"))


def test_empty_columns_to_the_right_do_not_count() -> None:
    assert len(cells(b"name,email" + b"," * 900 + b"\nJan,jan@example.nl" + b"," * 900)) == 2


class Endless(io.RawIOBase):
    """A file of a given size that is never in memory; counts what is read of it."""

    def __init__(self, head: bytes, body: bytes, size: int) -> None:
        self.head, self.body, self.size, self.position, self.taken = head, body, size, 0, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = offset
        return offset

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def,override]
        wanted = min(len(buffer), self.size - self.position)
        if self.position < len(self.head):
            piece = self.head[self.position : self.position + wanted]
        else:
            piece = (self.body * (wanted // len(self.body) + 1))[:wanted]
        buffer[: len(piece)] = piece
        self.position += len(piece)
        self.taken += len(piece)
        return len(piece)


@pytest.mark.parametrize(
    ("head", "body", "size"),
    [
        (b"name,note\n", b"x", 1_000_000_000),
        (b'name,note\n"', b"y" * 70 + b"\n", 20_000_000),
        ("name,note\n".encode("utf-16"), b"x\0", 300_000_000),
        (b"", b"name,", 300_000_000),
        (b"\0", b"\0", 1_000_000_000),
    ],
    ids=[
        "1 GB line",
        "an unclosed quote over many lines",
        "300 MB line in UTF-16",
        "60 million columns",
        "1 GB of NUL",
    ],
)
def test_a_huge_line_is_refused_without_being_read(head: bytes, body: bytes, size: int) -> None:
    endless = Endless(head, body, size)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableTable):
            survey(io.BufferedReader(endless))
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert endless.taken < 50_000_000


def test_memory_is_flat_in_the_size_of_the_file() -> None:
    def peak(megabytes: int) -> int:
        file = io.BufferedReader(Endless(b"name,email\n", b"Jan de Vries,jan@example.nl\n", megabytes * 1_000_000))
        tracemalloc.start()
        try:
            survey(file)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8) < peak(1) * 1.2 + 100_000


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_empty_lines_cost_no_rows_but_count_as_such(line_break: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is asked for the rows with something in them, and for the end."""
    asked = []
    whole = delimited_text._next_row
    monkeypatch.setattr(delimited_text, "_next_row", lambda *given: asked.append(1) or whole(*given))
    empty = line_break * 10_000
    text = f'{empty}name,note{line_break}{empty}Jan,"a{line_break * 3}b"{line_break}{empty}Piet,c{line_break}{empty}'
    file = io.BytesIO(text.encode())
    read = list(records(file, guess_layout(file, Encoding("utf-8"))))
    assert [record.row for record in read] == [10_001, 20_002, 30_003]
    assert read[1].cells == ["Jan", f"a{line_break * 3}b"]
    assert len(asked) == 4


def test_the_line_of_damage_is_told_below_empty_lines() -> None:
    with pytest.raises(UnreadableTable, match=r"After line 1\d,\d{3} "):
        list(records(io.BytesIO(b"name\n" + b"\n" * 20_000 + b"\xff"), Layout("utf-8", ",", 0)))
    with pytest.raises(UnreadableTable, match="cell that begins on line 6"):
        list(records(io.BytesIO(b"name\n" + b"\n" * 4 + b'"open\n'), Layout("utf-8", ",", 0)))
