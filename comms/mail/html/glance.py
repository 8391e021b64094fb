"""What a page has to know of a mail before its frame is asked for: how high it will be, and what it leaves out."""

import re
from dataclasses import dataclass

# Characters that are looked at.
_LOOKED_AT = 300_000
_IMAGE = re.compile(r"<img\s[^<>]{0,3000}", re.IGNORECASE)
_REMOTE = re.compile(r"src\s{0,3}=\s{0,3}[\"']?(?:https?:)?//", re.IGNORECASE)
_PIXEL = re.compile(r"(?:width|height)\s{0,3}[=:]\s{0,3}[\"']?[01](?:px)?[\s\"'/;>]", re.IGNORECASE)
_HEIGHT = re.compile(r"height\s{0,3}=\s{0,3}[\"']?(\d{2,4})", re.IGNORECASE)
# A line of text, and how many characters are in it.
_LINE, _CHARACTERS = 22, 90
_LOWEST, _HIGHEST = 120, 900


@dataclass(frozen=True)
class Glance:
    """What is foreseen of a mail."""

    height: int
    remote_images: int


def glance(html: str, text: str) -> Glance:
    """Foresee it from its images, and the lines of its text."""
    images = [found[0] + ">" for found in _IMAGE.finditer(html[:_LOOKED_AT])]
    seen = [image for image in images if not _PIXEL.search(image)]
    lines = sum(1 + len(line) // _CHARACTERS for line in text[:_LOOKED_AT].split("\n"))
    pictures = sum(int(found[1]) for image in seen if (found := _HEIGHT.search(image)))
    height = max(_LOWEST, min(_HIGHEST, 48 + lines * _LINE + pictures))
    return Glance(height, sum(1 for image in seen if _REMOTE.search(image)))
