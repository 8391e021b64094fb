"""Guess the encoding of a text file: by its byte order mark, else by all of its bytes, as the first accent may be on
the last line. Reads in pieces, so that memory stays constant.
"""

import codecs
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from leads.importing.files.signatures import not_csv
from leads.importing.files.unreadable import MAX_RECORD, Unreadable

_PIECE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The five bytes Windows-1252 leaves undefined.
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"


def guess_encoding(file: IO[bytes]) -> str:
    """Return the codec to open the file with. Raises Unreadable for what is no text, or text in two encodings."""
    file.seek(0)
    head = file.read(_PIECE)
    if not head:
        raise Unreadable(_("The file is empty: it holds no bytes at all. Export it again, or choose another."))
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    if marked not in (None, "utf-8-sig"):
        return str(marked)
    if sentence := not_csv(head):
        raise Unreadable(sentence)
    if _is_utf8(file):
        return "utf-8-sig"
    return _western(file)


def _unmarked_utf16(head: bytes) -> str | None:
    """Detect UTF-16 without its mark, which looks like Western text with a NUL at every other byte."""
    sample = head[:4096]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if min(first, second) * 10 < len(sample) < max(first, second) * 3:
        return "utf-16-le" if second > first else "utf-16-be"
    return None


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    accents = False
    for piece in _pieces(file):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            return False
        accents = accents or not text.isascii()
    if accents and decoder.getstate()[0]:
        raise Unreadable(_("The file breaks off in the middle of a character: it is cut short. Export it again."))
    return not decoder.getstate()[0]


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Read the bytes, refusing at the first NUL and the first line beyond the limit: the rest is not even read."""
    file.seek(0)
    line, unbroken = 1, 0
    while piece := file.read(_PIECE):
        at = piece.find(0)
        if at >= 0:
            raise Unreadable(
                _("Line %(line)s holds a NUL byte: the file is damaged, or no text. Export it again.")
                % {"line": line + piece.count(b"\n", 0, at)}
            )
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        unbroken = unbroken + len(piece) if last < 0 else len(piece) - last - 1
        line += piece.count(b"\n")
        # Four bytes a character at most; the exact limit is the reader's.
        if unbroken > MAX_RECORD * 4:
            raise Unreadable.long_line(line)
        yield piece


def _western(file: IO[bytes]) -> str:
    """Detect Windows-1252, which includes Latin-1's text; refuse it where other lines are UTF-8."""
    first_utf8 = first_other = utf8_lines = other_lines = 0
    file.seek(0)
    for number, line in enumerate(iter(lambda: file.readline(MAX_RECORD), b""), 1):
        if line.isascii():
            continue
        if _decodes(line):
            utf8_lines, first_utf8 = utf8_lines + 1, first_utf8 or number
            continue
        other_lines, first_other = other_lines + 1, first_other or number
        if len(line.translate(None, _UNDEFINED)) != len(line):
            raise Unreadable(
                _("Line %(line)s holds characters of an unknown encoding. Save the file anew as CSV UTF-8.")
                % {"line": number}
            )
    # A few Western pairs look like UTF-8 by accident ("É€"); one line in twenty is no accident.
    if utf8_lines and utf8_lines * 20 >= other_lines:
        raise Unreadable(
            _("The file mixes two encodings: line %(one)s is UTF-8, line %(other)s is not. Save it anew as CSV UTF-8.")
            % {"one": first_utf8, "other": first_other}
        )
    return "cp1252"


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
