"""Detect the encoding of a text file: by byte order mark, width, valid UTF-8, else by letters.

The first accent may be on the last line, so all bytes are looked at, in pieces: memory stays constant. What is told by
letters alone (encoding_by_letters.py) may be wrong, and says what else it could be.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from libs.charsets import charset_of
from libs.sentence import Sentence as _
from libs.tabular.encoding_by_letters import rank_encodings
from libs.tabular.encoding_names import ENCODINGS
from libs.tabular.signatures import not_csv
from libs.tabular.unreadable import MAX_RECORD, UnreadableTable
from libs.tabular.wide_encodings import wide_encoding

_PIECE = 1 << 18
# What is shown to the detector: lines that are not ASCII.
_SAMPLE = 20_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Japanese mail's encoding has no byte beyond ASCII, but this one in front of its letters.
_ESCAPE = b"\x1b$"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The codec of a file, and whether it is certain."""

    codec: str
    # What it could be, itself first, each with how a cell of the file would read; none where the file itself tells.
    candidates: Sequence[tuple[str, str]] = ()


def guess_encoding(file: IO[bytes]) -> Encoding:
    """Return the codec of the file. Raises UnreadableTable if it is no text, or in two encodings."""
    file.seek(0)
    head = file.read(_PIECE)
    if not head:
        raise UnreadableTable(_("The file is empty. Export it again, or choose another."))
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    if marked not in (None, "utf-8-sig"):
        return Encoding(str(marked))
    if sentence := not_csv(head):
        raise UnreadableTable(sentence)
    if wide := wide_encoding(head):
        return Encoding(wide)
    if _is_utf8(file):
        return Encoding("iso2022_jp" if _ESCAPE in head and decodes(file, "iso2022_jp") else "utf-8-sig")
    return _by_letters(file)


def given_encoding(file: IO[bytes], name: str) -> Encoding:
    """Return a chosen encoding. Raises UnreadableTable if it is unknown or the file isn't in it."""
    codec = codec_named(name)
    if codec is None:
        raise UnreadableTable(_("“%(name)s” is not a known encoding.") % {"name": name[:40]})
    if not decodes(file, codec):
        raise UnreadableTable(
            _("The file is not encoded in %(name)s: some of its bytes are not valid.") % {"name": name}
        )
    return Encoding(codec)


def codec_named(name: str) -> str | None:
    """Return the codec of a text encoding; None for none."""
    codec = charset_of(name)
    if not codec:
        return None
    if codec == "utf-8":
        return "utf-8-sig"
    return _codecs_by_name().get(codec, codec)


@lru_cache(maxsize=1)
def _codecs_by_name() -> dict[str, str]:
    return {codecs.lookup(name).name: name for name in ENCODINGS}


def decodes(file: IO[bytes], codec: str) -> bool:
    """True if all bytes of a file are valid in an encoding."""
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(0)
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    accents = False
    for piece in _read_pieces(file):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            return False
        accents = accents or not text.isascii()
    if accents and decoder.getstate()[0]:
        raise UnreadableTable(_("The file ends in the middle of a character. It is incomplete: export it again."))
    return not decoder.getstate()[0]


def _read_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes; raises at the first NUL or too long line, without reading further."""
    file.seek(0)
    line = 1
    unbroken = 0
    while piece := file.read(_PIECE):
        at = piece.find(0)
        if at >= 0:
            raise UnreadableTable(
                _("Line %(line)s contains a NUL byte: the file is damaged or is not text. Export it again.")
                % {"line": line + piece.count(b"\n", 0, at)}
            )
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        if last < 0:
            unbroken = unbroken + len(piece)
        else:
            unbroken = len(piece) - last - 1
        line += piece.count(b"\n")
        # Four bytes a character at most; the exact limit is the reader's.
        if unbroken > MAX_RECORD * 4:
            raise UnreadableTable.long_line(line)
        yield piece


def _by_letters(file: IO[bytes]) -> Encoding:
    """Detect a single or double-byte encoding; raises if other lines are UTF-8."""
    sample, first_other = _other_lines(file)
    codecs = [codec for codec in rank_encodings(sample) if decodes(file, codec)]
    if not codecs:
        raise UnreadableTable(
            _("Line %(line)s has characters in an unknown encoding. Save the file again as CSV UTF-8.")
            % {"line": first_other}
        )
    return Encoding(codecs[0], [(codec, _example_cell(sample, codec)) for codec in codecs])


def _example_cell(sample: bytes, codec: str) -> str:
    """Return the first cell with non-ASCII letters, decoded."""
    text = sample[:2000].decode(codec, "ignore")
    cells = (cell.strip() for cell in re.split(r"[,;|\t\r\n\"]", text))
    return next((cell[:40] for cell in cells if not cell.isascii()), "")


def _other_lines(file: IO[bytes]) -> tuple[bytes, int]:
    """Return the lines that are neither ASCII nor UTF-8, and the number of the first."""
    first_utf8 = first_other = utf8_lines = other_lines = 0
    sample = bytearray()
    file.seek(0)
    for number, line in enumerate(iter(lambda: file.readline(MAX_RECORD), b""), 1):
        if line.isascii():
            continue
        if _is_utf8_line(line):
            utf8_lines = utf8_lines + 1
            first_utf8 = first_utf8 or number
            continue
        other_lines = other_lines + 1
        first_other = first_other or number
        if len(sample) < _SAMPLE:
            sample += line[:_SAMPLE]
    # A few Western pairs look like UTF-8 by accident ("É€"); one line in twenty is no accident.
    if utf8_lines and utf8_lines * 20 >= other_lines:
        raise UnreadableTable(
            _("The file mixes two encodings: line %(one)s is UTF-8, line %(other)s is not. Save it again as CSV UTF-8.")
            % {"one": first_utf8, "other": first_other}
        )
    return bytes(sample), first_other


def _is_utf8_line(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
