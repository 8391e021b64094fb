"""Encoded words (RFC 2047) as found in practice: split within a letter, quoted, with blanks or a wrong charset."""

import binascii
import re

from libs.inbound_mail.reading.charsets import clean, codec_of, decode
from libs.inbound_mail.reading.transfer_encoding import base64

# A charset may have a language behind it (RFC 2231). The text ends at the first "?=", or it is none.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?\s?([bBqQ])\s?\?([^?]{0,20000})\?=")
# The same with a question mark of its own inside.
_LOOSE = re.compile(r"=\?([^?\s]{1,60})\?([qQ])\?([^\n]{0,400}?)\?=(?=\s|$)")


def decode_words(text: str) -> str:
    """Decode the encoded words of a header; blanks between two of them are dropped."""
    if "=?" not in text:
        return text
    words = list(_WORD.finditer(text)) or list(_LOOSE.finditer(text))
    pieces: list[str] = []
    at = 0
    run: list[tuple[str, str, str]] = []
    for word in words:
        between = text[at : word.start()]
        if between.strip() or not run:
            pieces += [_decode_run(run), between]
            run = []
        charset = word[1].partition("*")[0]
        run.append((charset, word[2].lower(), word[3]))
        at = word.end()
    return "".join([*pieces, _decode_run(run), text[at:]])


def _decode_run(run: list[tuple[str, str, str]]) -> str:
    """Decode adjacent words, joined by charset, as a letter may be split."""
    pieces: list[str] = []
    data = b""
    current = ""
    letters = ""
    for charset, encoding, text in run:
        if codec_of(charset) != codec_of(current) and data + letters.encode("ascii", "replace"):
            pieces.append(decode(data + _decode_b(letters), current))
            data = b""
            letters = ""
        current = charset
        if encoding == "b" and "=" not in text and len(text.strip()) % 4:
            letters += text
            continue
        data += _decode_b(letters + text) if encoding == "b" else _decode_b(letters) + _decode_q(text)
        letters = ""
    pieces.append(decode(data + _decode_b(letters), current))
    return "".join(pieces)


def _decode_b(text: str) -> bytes:
    if text:
        return base64(text.encode("ascii", "ignore"))
    return b""


def _decode_q(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    try:
        return binascii.a2b_qp(data, header=True)
    except binascii.Error:
        return data


def one_line(text: str) -> str:
    """Unfold a header's text and drop invisible characters."""
    return " ".join(clean(text).split())
