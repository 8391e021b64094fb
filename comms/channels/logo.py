"""A brand's logo, re-encoded as a small PNG, so that nothing else of the uploaded file is sent out."""

import io
from typing import IO

from PIL import Image, UnidentifiedImageError

# What a mail shows at most, twice over for sharp screens.
LARGEST = (640, 240)
MOST_BYTES = 4 << 20
MOST_PIXELS = 40_000_000


class NotAnImage(Exception):
    """The file is no usable image, or is too large for a logo."""


def made_small(file: IO[bytes]) -> IO[bytes]:
    """Return a logo as PNG within LARGEST. Raises NotAnImage."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotAnImage
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAnImage
            image.load()
            small = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAnImage from error
    small.thumbnail(LARGEST)
    made = io.BytesIO()
    small.save(made, "PNG", optimize=True)
    made.seek(0)
    return made
