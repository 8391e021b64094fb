"""Segments of a text message: GSM 03.38 with its extension table, or UCS-2.

Counted are units, not characters: seven-bit septets (an extension character takes two) or sixteen-bit code units (an
emoji takes two). One message has 160 or 70; of several, each has 153 or 67, for a header joins them. A character of two
units is never parted, so a part may end with one unit unused.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# GSM 03.38, the basic table and its extension, which is reached by an escape.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# What a phone or a word processor puts in by itself, and what says the same in the small alphabet.
PLAIN = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f", " "),
    **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("•·", "-"),
    "…": "...",
    "\t": " ",
    "á": "a",
    "ç": "Ç",
    "ë": "e",
    "ê": "e",
    "í": "i",
    "ï": "i",
    "î": "i",
    "ó": "o",
    "ô": "o",
    "ú": "u",
    "û": "u",
}


@dataclass(frozen=True)
class Segments:
    """The size of a text: encoding, units and segments, and the characters that forced UCS-2."""

    is_gsm: bool
    units: int
    parts: int
    # Units still free in the last part.
    left: int
    # Characters outside GSM 03.38, each once, in their order.
    strange: tuple[str, ...]

    @property
    def over(self) -> int:
        """Units to remove for one segment less; 0 for a single segment."""
        if self.parts < 2:
            return 0
        if self.is_gsm:
            single, each = (160, 153)
        else:
            single, each = (70, 67)
        return self.units - (single if self.parts == 2 else each * (self.parts - 1))

    @property
    def replaceable(self) -> tuple[tuple[str, str], ...]:
        """The non-GSM characters with a plain replacement."""
        return tuple((sign, PLAIN[sign]) for sign in self.strange if sign in PLAIN)


def measure(text: str) -> Segments:
    """Count the segments a text is sent in."""
    text = text.replace("\r\n", "\n")
    strange = tuple(dict.fromkeys(sign for sign in text if sign not in BASIC and sign not in EXTENSION))
    if strange:
        return _count_segments(False, [2 if ord(sign) > 0xFFFF else 1 for sign in text], 70, 67, strange)
    return _count_segments(True, [2 if sign in EXTENSION else 1 for sign in text], 160, 153, ())


def plain(text: str) -> str:
    """Replace typographic characters that have a GSM 03.38 equivalent: ’ by ', – by -."""
    return "".join(sign if sign in BASIC or sign in EXTENSION else PLAIN.get(sign, sign) for sign in text)


def cost(parts: int, price: Decimal) -> int:
    """Return the cost of segments in whole minor units; `price` is per segment, in fractional minor units."""
    return int((parts * price).quantize(Decimal(1), ROUND_HALF_UP))


def _count_segments(is_gsm: bool, sizes: list[int], single: int, each: int, strange: tuple[str, ...]) -> Segments:
    units = sum(sizes)
    if units <= single:
        return Segments(is_gsm, units, 1 if units else 0, single - units, strange)
    parts = 1
    used = 0
    for size in sizes:
        if used + size > each:
            parts = parts + 1
            used = 0
        used += size
    return Segments(is_gsm, units, parts, each - used, strange)
