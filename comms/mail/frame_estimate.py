"""Estimate the frame of an email before it is loaded: its height, and the remote images it leaves out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

# Characters that are looked at.
_LOOKED_AT = 300_000
_IMAGE = re.compile(r"<img\s[^<>]{0,3000}", re.IGNORECASE)
_REMOTE = re.compile(r"src\s{0,3}=\s{0,3}[\"']?(?:https?:)?//", re.IGNORECASE)
_PIXEL = re.compile(r"(?:width|height)\s{0,3}[=:]\s{0,3}[\"']?[01](?:px)?[\s\"'/;>]", re.IGNORECASE)
_HEIGHT = re.compile(r"[\s\"';]height\s{0,3}[=:]\s{0,3}[\"']?(\d{2,4})(?:px)?[\s\"'/;>]", re.IGNORECASE)
_WIDTH = re.compile(r"[\s\"';]width\s{0,3}[=:]\s{0,3}[\"']?(\d{2,4})(?:px)?[\s\"'/;>]", re.IGNORECASE)
_WITHIN = re.compile(r"src\s{0,3}=\s{0,3}[\"']?cid:([^\"'\s<>]{1,300})", re.IGNORECASE)
# A line of text, and how many characters are in it.
_LINE = 22
_CHARACTERS = 90
# Beyond the highest it scrolls; with pictures a higher one is right, so that each is seen whole.
_LOWEST = 120
_HIGHEST = 900
_HIGHEST_WITH_PICTURES = 2400
# The frame is hardly wider; what is foreseen too high leaves white below, too low cuts the picture.
_WIDEST = 720
# Of a picture whose size nothing says.
_USUAL_PICTURE = 480


@dataclass(frozen=True)
class FrameEstimate:
    """The estimated height, and the number of remote images."""

    height: int
    remote_images: int


def estimate_frame(html: str, text: str, sizes: Mapping[str, tuple[int, int]]) -> FrameEstimate:
    """Estimate it from text lines and images. `sizes`: of attached images, by content ID."""
    images = [match[0] + ">" for match in _IMAGE.finditer(html[:_LOOKED_AT])]
    seen = [image for image in images if not _PIXEL.search(image)]
    lines = sum(1 + len(line) // _CHARACTERS for line in text[:_LOOKED_AT].split("\n"))
    pictures = sum(_image_height(image, sizes) for image in seen)
    if pictures:
        highest = _HIGHEST_WITH_PICTURES
    else:
        highest = _HIGHEST
    height = max(_LOWEST, min(highest, 48 + lines * _LINE + pictures))
    return FrameEstimate(height, sum(1 for image in seen if _REMOTE.search(image)))


def _image_height(image: str, sizes: Mapping[str, tuple[int, int]]) -> int:
    """Estimate the height of an image: by its tag, else its own size; unknown remote images count as 0."""
    match = _HEIGHT.search(image)
    within = _WITHIN.search(image)
    if within is None:
        if match:
            return int(match[1])
        return 0
    size = sizes.get(unquote(within[1]).strip("<> ").lower())
    if size is None:
        if match:
            return int(match[1])
        return _USUAL_PICTURE
    width = _WIDTH.search(image)
    drawn = min(int(width[1]) if width else size[0], _WIDEST)
    return max(1, drawn * size[1] // size[0])
