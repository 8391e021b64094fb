"""A place in an ordered list as text for a URL: the sort key of a row, which ends in an instant and an id.

The next page begins behind it, so that page 800 costs what the first one costs.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def encode(layout: struct.Struct, *key: Any) -> str:
    """The text of a key. `layout` packs its parts, the instant in microseconds."""
    *parts, at, pk = key
    packed = layout.pack(*parts, (at - _EPOCH) // timedelta(microseconds=1), pk)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(layout: struct.Struct, text: str) -> tuple[Any, ...] | None:
    """The key of a text, or None for anything else somebody wrote into the address."""
    try:
        *parts, microseconds, pk = layout.unpack(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return (*parts, _EPOCH + timedelta(microseconds=microseconds), pk)
    except (binascii.Error, struct.error, ValueError, OverflowError):
        return None
