"""Image sizes and previews: pixel limits before decoding, previews without metadata."""

import io
from typing import IO

import pillow_heif
from PIL import ExifTags, Image, ImageOps

# Pixels that are decoded at most: 64 MB of them. A JPEG is decoded smaller than it is, so a phone's 50 MP are fine;
# at 89 million Pillow begins to warn. A HEIC is decoded whole: a phone's usual 24 MP take about a second.
MOST_PIXELS = 16_000_000
_MOST_OF = {"JPEG": 89_000_000, "HEIF": 25_000_000}
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
# Orientations that turn a photo on its side.
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
# No embedded thumbnail is decoded in place of the photo, and no depth map beside it.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)
LARGEST_EDGE = 1_600
_QUALITY = 82


class UnreadableImage(Exception):
    """The file is no readable image, or has too many pixels."""


def image_size(content: bytes) -> tuple[int, int]:
    """Return width and height without decoding the image. Raises UnreadableImage."""
    return _open_image(io.BytesIO(content)).size


def upright_size(file: IO[bytes]) -> tuple[int, int]:
    """Return width and height after EXIF rotation, from the header alone. Raises UnreadableImage."""
    image = _open_image(file)
    try:
        is_on_its_side = image.getexif().get(ExifTags.Base.Orientation) in _ON_ITS_SIDE
    # Damaged metadata may raise anything.
    except Exception:
        is_on_its_side = False
    if is_on_its_side:
        return image.size[::-1]
    return image.size


def build_preview(content: bytes, *, edge: int = LARGEST_EDGE) -> tuple[bytes, str]:
    """Return the image re-encoded, at most `edge` pixels wide and high, and its media type. Raises UnreadableImage.

    Nothing but its pixels is carried over: no metadata, no second picture, no other file it may be at the same time.
    """
    image = _open_image(io.BytesIO(content))
    edge = max(16, min(edge, LARGEST_EDGE))
    try:
        if image.format == "JPEG":
            image.draft("RGB", (edge, edge))
        # A JPEG that cannot be decoded smaller.
        if image.format == "JPEG" and image.size[0] * image.size[1] > MOST_PIXELS:
            raise UnreadableImage
        image.thumbnail((edge, edge))
        upright = ImageOps.exif_transpose(image)
        made = io.BytesIO()
        if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
            upright.convert("RGBA").save(made, "PNG", exif=b"", pnginfo=None, icc_profile=None)
            return made.getvalue(), "image/png"
        upright.convert("RGB").save(made, "JPEG", quality=_QUALITY, exif=b"", icc_profile=None)
        return made.getvalue(), "image/jpeg"
    except UnreadableImage:
        raise
    # A damaged image may raise anything in a decoder.
    except Exception as error:
        raise UnreadableImage from error


def _open_image(file: IO[bytes]) -> Image.Image:
    try:
        image = Image.open(file, formats=_FORMATS)
    except Exception as error:
        raise UnreadableImage from error
    width, height = image.size
    if not 0 < width * height <= _MOST_OF.get(image.format or "", MOST_PIXELS):
        raise UnreadableImage
    return image
