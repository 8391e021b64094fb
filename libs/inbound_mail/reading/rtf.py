"""Convert RTF to plain text, and decompress it from winmail.dat (MS-OXRTFCP). Never raises.

What Outlook made of HTML is in it as well (MS-OXRTFEX): its tags are groups to leave out, `\\htmlrtf` its own doubles.
"""

import re
import struct

from libs.inbound_mail.reading.charsets import clean, codec_of

# Bytes that are unpacked: an hour of reading. Pictures are what a larger one is made of.
_MOST = 1_000_000
_PACKED = b"LZFu"
_PLAIN = b"MELA"
_BEFORE = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4096
_TOKEN = re.compile(
    rb"\\(?:([a-z]{1,32})(-?\d{1,9})?[ ]?|'([0-9a-f]{2})|([^a-z']))|([{}])|([^\\{}\r\n]{1,4000})", re.IGNORECASE
)
_LEFT_OUT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}",
    b"\n": "\n", b"\r": "\n",
}  # fmt: skip
# The charset of a font, where it is none of Windows' Latin ones.
_FONTS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254", 177: "cp1255"}
_FONTS |= {178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}


def unpack(data: bytes) -> bytes:
    """Decompress a PR_RTF_COMPRESSED, as far as it is intact."""
    if len(data) < 16:
        return b""
    length = struct.unpack_from("<I", data, 4)[0]
    kind = data[8:12]
    if kind == _PLAIN:
        return data[16 : 16 + min(length, _MOST)]
    if kind == _PACKED:
        return _unpack_ring(data[16:], min(length, _MOST))
    return b""


def _unpack_ring(data: bytes, length: int) -> bytes:
    ring = bytearray(_BEFORE.ljust(_RING, b" "))
    write = len(_BEFORE)
    at = 0
    made = bytearray()
    while at < len(data) and len(made) < length:
        flags = data[at]
        at = at + 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(data):
                    return bytes(made[:length])
                pair = data[at] << 8 | data[at + 1]
                at = at + 2
                start = pair >> 4
                count = (pair & 15) + 2
                if start == write:
                    return bytes(made[:length])
                # Byte by byte: a piece may run into what it writes.
                for index in range(count):
                    byte = ring[(start + index) % _RING]
                    ring[write], write = byte, (write + 1) % _RING
                    made.append(byte)
            elif at < len(data):
                ring[write], write = data[at], (write + 1) % _RING
                made.append(data[at])
                at += 1
    return bytes(made[:length])


class _RtfReader:
    """Parses the tokens of an RTF; settings end with their group."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.raw = bytearray()
        self.groups: list[tuple[bool, int, str]] = []
        self.is_left_out = False
        self.fallback = 1
        self.codec = "cp1252"
        self.usual = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.skip = 0
        self.is_doubled = self.in_fonts = False

    def flush(self) -> None:
        """Decode bytes collected so far, as a letter may take two."""
        if self.raw:
            self.pieces.append(bytes(self.raw).decode(self.codec, "replace"))
            self.raw.clear()

    def text(self, data: bytes) -> None:
        skipped = min(self.skip, len(data))
        self.skip -= skipped
        if not (self.is_left_out or self.is_doubled):
            self.raw += data[skipped:]

    def sign(self, text: str) -> None:
        self.skip = 0
        if not (self.is_left_out or self.is_doubled):
            self.flush()
            self.pieces.append(text)

    def brace(self, mark: bytes) -> None:
        self.flush()
        if mark == b"{":
            self.groups.append((self.is_left_out, self.fallback, self.codec))
        elif self.groups:
            self.is_left_out, self.fallback, self.codec = self.groups.pop()
            self.in_fonts = self.in_fonts and self.is_left_out

    def word(self, name: bytes, number: int | None) -> None:
        if name in _LEFT_OUT:
            self.is_left_out, self.in_fonts = True, name == b"fonttbl" or self.in_fonts
        elif name == b"u" and number is not None:
            self.sign(chr(number % 65536))
            self.skip = self.fallback
        elif name == b"uc":
            self.fallback = max(0, min(number or 0, 8))
        elif name == b"htmlrtf":
            self.flush()
            self.is_doubled = number != 0
        elif name == b"ansicpg":
            self.codec = self.usual = codec_of(f"cp{number}") or "cp1252"
        elif name == b"f" and number is not None:
            self.font = number
            if not self.in_fonts:
                self.flush()
                self.codec = self.fonts.get(number, self.usual)
        elif name == b"fcharset" and number in _FONTS:
            self.fonts[self.font] = _FONTS[number]
        elif name in _SIGNS:
            self.sign(_SIGNS[name])


def rtf_to_text(rtf: bytes) -> str:
    """Return the text of an RTF; empty if it is none."""
    if not rtf.lstrip()[:5].startswith(b"{\\rtf"):
        return ""
    reader = _RtfReader()
    for word, number, byte, symbol, brace, text in _TOKEN.findall(rtf[:_MOST]):
        if word:
            reader.word(word.lower(), int(number) if number else None)
        elif byte:
            reader.text(bytes([int(byte, 16)]))
        elif symbol == b"*":
            reader.is_left_out = True
        elif symbol:
            reader.sign(_SIGNS.get(symbol, ""))
        elif brace:
            reader.brace(brace)
        else:
            reader.text(text)
    reader.flush()
    # Pairs of surrogates are one letter.
    whole = "".join(reader.pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return clean(whole).strip()
