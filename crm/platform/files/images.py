"""Images: how large they are before they are decoded, small ones made of them, and none with the place on it."""

import io

from PIL import Image, ImageOps

# Pixels that are decoded at most: 64 MB of them. A JPEG is decoded smaller than it is, so a phone's 50 MP are fine;
# at 89 million Pillow begins to warn.
MOST_PIXELS, MOST_OF_JPEG = 16_000_000, 89_000_000
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
LARGEST_EDGE = 1_600
_QUALITY = 82


class NoImage(Exception):
    """It can't be read as an image, or is larger than may be decoded."""


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height without decoding anything. Raises NoImage."""
    return _opened(content).size


def preview(content: bytes, *, edge: int = LARGEST_EDGE) -> tuple[bytes, str]:
    """Return the image anew, its longer side at most so many pixels, and its media type. Raises NoImage.

    Nothing but its pixels is carried over: no metadata, no second picture, no other file it may be at the same time.
    """
    image = _opened(content)
    edge = max(16, min(edge, LARGEST_EDGE))
    try:
        if image.format == "JPEG":
            image.draft("RGB", (edge, edge))
        if image.size[0] * image.size[1] > MOST_PIXELS:
            raise NoImage
        image.thumbnail((edge, edge))
        shown = ImageOps.exif_transpose(image)
        made = io.BytesIO()
        if shown.mode in {"RGBA", "LA", "PA"} or "transparency" in shown.info:
            shown.convert("RGBA").save(made, "PNG", exif=b"", pnginfo=None, icc_profile=None)
            return made.getvalue(), "image/png"
        shown.convert("RGB").save(made, "JPEG", quality=_QUALITY, exif=b"", icc_profile=None)
        return made.getvalue(), "image/jpeg"
    except NoImage:
        raise
    # A damaged image may raise anything in a decoder.
    except Exception as error:
        raise NoImage from error


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Exception as error:
        raise NoImage from error
    width, height = image.size
    if width * height > (MOST_OF_JPEG if image.format == "JPEG" else MOST_PIXELS) or not width * height:
        raise NoImage
    return image
