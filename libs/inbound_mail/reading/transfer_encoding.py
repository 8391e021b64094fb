"""Decode transfer encodings. Broken base64 and quoted-printable are decoded as far as possible; never raises."""

import binascii
import re

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_JUNK = bytes(byte for byte in range(256) if byte not in _ALPHABET)
_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_SPACE = b" \t\r\n"


def decode_transfer(raw: bytes, start: int, end: int, encoding: str) -> bytes:
    """Decode the bytes between two positions of an email with a single copy."""
    name = encoding.strip().strip("\"';").strip().lower()
    view = memoryview(raw)[start:end]
    if name in {"base64", "b", "base-64"}:
        return base64(view)
    if name in {"quoted-printable", "quotedprintable", "quoted printable", "q"}:
        return binascii.a2b_qp(view)
    if name in {"x-uuencode", "x-uue", "uuencode", "uue"}:
        files = uuencoded_files(bytes(view), 1)
        if files:
            return files[0][3]
        return bytes(view)
    return bytes(view)


def base64(view: memoryview | bytes) -> bytes:
    """Decode base64 with line breaks, junk or a wrong length; text that isn't base64 stays unchanged."""
    head = bytes(view[:4_000]).translate(None, _SPACE)
    words = bytes(view[:4_000]).strip().count(b" ")
    if head and (len(head.translate(None, _JUNK)) < len(head) * 0.9 - 3 or words * 12 > len(head) + 24):
        return bytes(view)
    try:
        content = binascii.a2b_base64(view)
    except binascii.Error:
        content = b""
    # It stops at padding; some programs pad every line, or put two files in one.
    if len(content) * 4 >= len(view) * 3 * 0.9 - 12:
        return content
    return _decode_pieces(bytes(view)) or content


def _decode_pieces(data: bytes) -> bytes:
    pieces = []
    for piece in data.split(b"="):
        letters = piece.translate(None, _JUNK)
        # A single letter left over holds less than a byte.
        if len(letters) % 4 == 1:
            letters = letters[: len(letters) - 1]
        pieces.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(pieces)


def uuencoded_files(data: bytes, most: int) -> list[tuple[int, int, bytes, bytes]]:
    """Return the first uuencoded files of a text: start, end, name and content."""
    files: list[tuple[int, int, bytes, bytes]] = []
    at = 0
    while len(files) < most and (begin := _BEGIN.search(data, at)):
        content, at = _uu_lines(data, begin.end() + 1)
        if at < 0:
            break
        files.append((begin.start(), at, begin[1], content))
    return files


def uuencoded_names(data: bytes, at: int) -> list[bytes]:
    """Return the names of uuencoded files from a position on, without decoding."""
    return [match[1] for match in _BEGIN.finditer(data, at)]


def _uu_lines(data: bytes, at: int) -> tuple[bytes, int]:
    """Decode up to the line "end"; position -1 if a line is not uuencoded."""
    content = bytearray()
    while at < len(data):
        stop = data.find(b"\n", at)
        if stop < 0:
            stop = len(data)
        line = data[at:stop].rstrip(b"\r")
        at = stop + 1
        if line.strip() == b"end":
            return bytes(content), min(at, len(data))
        if not line.strip() or line[:1] == b"`":
            continue
        # By its first letter a line tells how many bytes it holds; blanks at its end may be lost on the way.
        length = (line[0] - 32) & 63
        try:
            content += binascii.a2b_uu(line[: 1 + (length + 2) // 3 * 4])
        except (binascii.Error, ValueError):
            return b"", -1
    return b"", -1
