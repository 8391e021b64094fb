"""Recognize UTF-16 and UTF-32 without byte order mark in any script, by their ASCII separators.

So a unit of two or four bytes that is a comma or a line break stands among the letters, in one order of the bytes and
not in the other. What has NULs elsewhere is damaged, or no text.
"""

import codecs
import unicodedata
from itertools import islice

# Bytes that are looked at.
_SAMPLE = 1 << 14
_CODECS = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
_PARTS = frozenset(",;\t|\r\n")
# Others than these and what parts lines are in no text; a file of DOS may end with one.
_ENDS = "\x1a"
_NO_TEXT = frozenset({"Cc", "Co", "Cn", "Cs"})
# Shares: of what parts cells, of what is in no text, and of bytes that would be ASCII by themselves.
_LEAST_PARTS = 0.01
_MOST_STRANGE = 0.01
_MOST_NARROW = 0.8
# One of them, by accident, stands in one of three hundred short pieces of noise that begin with a NUL.
_FEWEST_PARTS = 2
# So many times as many parts in the right order of bytes; letters tell less: "一" turned around is "N".
_TIMES = 3
# A list is written in a few scripts, Japanese in three; noise is in dozens.
_MOST_SCRIPTS = 12
_LETTERS = 400


def wide_encoding(head: bytes) -> str | None:
    """Return the codec of text with two or four bytes per character; None for any other."""
    sample = head[:_SAMPLE]
    if not sample.count(0):
        return None
    for codec, width in _CODECS.items():
        text = _decode_sample(sample, codec)
        if _is_text(text) and _is_in_order(sample, codec, width, text) and not _is_narrow(text, codec):
            return codec
    return None


def _decode_sample(sample: bytes, codec: str) -> str:
    """Decode a sample without a cut-off end; empty if it isn't in this encoding."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return ""


def _is_text(text: str) -> bool:
    if "\0" in text or _count_separators(text) < max(_FEWEST_PARTS, _LEAST_PARTS * len(text)):
        return False
    plain = [character for character in text if character not in _PARTS and character not in _ENDS]
    strange = sum(unicodedata.category(character) in _NO_TEXT for character in plain)
    letters = islice((character for character in plain if character.isalpha()), _LETTERS)
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    return strange <= _MOST_STRANGE * len(text) and len(scripts) <= _MOST_SCRIPTS


def _is_in_order(sample: bytes, codec: str, width: int, text: str) -> bool:
    """True if it has more separators in this byte order than in the reverse one."""
    turned = b"".join(sample[at : at + width][::-1] for at in range(0, len(sample) // width * width, width))
    return _count_separators(text) > _TIMES * _count_separators(turned.decode(codec, "ignore"))


def _is_narrow(text: str, codec: str) -> bool:
    """True if most of it reads as single-byte ASCII: such text only has a NUL here and there."""
    wide = "".join(each for each in text if not each.isascii() and not "\u3040" <= each <= "\u30ff")
    if not wide:
        return False
    kept = wide.encode(codec, "surrogatepass")
    return sum(32 <= byte < 127 for byte in kept) > _MOST_NARROW * len(kept)


def _count_separators(text: str) -> int:
    return sum(character in _PARTS for character in text)
