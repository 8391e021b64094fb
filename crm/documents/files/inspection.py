"""Inspect an uploaded file: detect its type, compare it with the claimed one, and reject ambiguous files.

Refused are types that a browser would run, names that lie, files that are two things at once, and those that grow
beyond all measure when they are opened. A photo or video comes out without the place it was taken at.
"""

import hashlib
import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from django.utils.translation import gettext as _
from PIL import Image

from crm.documents.files.limits import TYPES, check_size, claimed_type
from crm.kernel.formats import MB
from crm.kernel.refusal import Refused
from crm.platform.files.gps_removal import strip_gps_position
from crm.platform.files.images import UnreadableImage, image_size
from crm.platform.files.media_types import KEPT_WITHOUT_PREVIEW, PREVIEWED, sniff_media_type

# What a browser would run, or take apart.
_SCRIPTED = frozenset({"text/html", "image/svg+xml", "application/xml"})
_OPENINGS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG", "image/webp": b"RIFF", "application/pdf": b"%PDF-"}
# What opens as something else all the same stands near the beginning.
_MARKS = (b"%pdf-", b"<script", b"<html", b"<!doctype", b"<svg", b"<?php")
# An unpacked Office file may have so many bytes, parts, and so many times its own size.
_MOST_UNPACKED = 300 * MB
_MOST_PARTS = 10_000
_MOST_RATIO = 200
_ANYWAY = 20 * MB
# Where the end of a zip archive is looked for: its longest comment, and itself.
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557
_HEAD = 4_096
_EXIF = 0x8769
_TAKEN = 0x9003
_OFFSET = 0x9011
_PASSED_THROUGH = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/tiff")


@dataclass(frozen=True)
class Inspected:
    """A file accepted for storage, with its detected properties."""

    name: str
    media_type: str
    content: bytes
    width: int | None = None
    height: int | None = None
    # When a photo was taken, as its camera says; without a zone where that knew none.
    taken_at: datetime | None = None

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")


def inspect(content: bytes, name: str) -> Inspected:
    """Return a file's detected type and the bytes to store. Raises Refused with a message for the sender."""
    name = name.replace("\0", "").strip() or _("file")
    check_size(name, len(content))
    media_type = sniff_media_type(content, name)
    _check_type(content, name, media_type)
    check_size(name, len(content), media_type)
    if media_type.startswith("image/"):
        return _inspect_image(content, name, media_type)
    if media_type.startswith("video/"):
        return Inspected(name, media_type, strip_gps_position(content))
    if content.startswith(b"PK"):
        _check_archive(content, name)
    return Inspected(name, media_type, content)


def _check_type(content: bytes, name: str, media_type: str) -> None:
    if media_type in _SCRIPTED:
        raise Refused(
            _("“%(name)s” is a web page or an image with code. Files like this can’t be uploaded.") % {"name": name}
        )
    if media_type not in TYPES:
        raise Refused(_("“%(name)s” is of a type that can’t be uploaded. Use a photo or a PDF.") % {"name": name})
    claimed = claimed_type(name)
    if claimed and _type_family(claimed) != _type_family(media_type):
        words = _("“%(name)s” has the wrong extension: it is %(type)s.")
        raise Refused(words % {"name": name, "type": TYPES[media_type].label})
    if _is_two_things(content, media_type):
        raise Refused(_("“%(name)s” is two types of file in one. Files like this can’t be uploaded.") % {"name": name})


def _type_family(media_type: str) -> str:
    """Return the family of a type; the type claimed by an extension must be of the detected type's family."""
    first = media_type.partition("/")[0]
    if first in ("image", "video", "text"):
        return first
    return media_type


def _is_two_things(content: bytes, media_type: str) -> bool:
    """True if another program could interpret the file as a different type."""
    head = content[:_HEAD]
    tail = content[-_ZIP_TAIL:]
    if not content.startswith(_OPENINGS.get(media_type, b"")):
        return True
    if media_type.startswith("image/") and any(mark in head[:1_024].lower() for mark in _MARKS):
        return True
    return not content.startswith(b"PK") and _ends_as_archive(tail)


def _ends_as_archive(tail: bytes) -> bool:
    """True if the file ends with a zip end-of-archive record whose comment reaches exactly to the last byte."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        if at + 22 <= len(tail) and at + 22 + struct.unpack_from("<H", tail, at + 20)[0] == len(tail):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False


def _inspect_image(content: bytes, name: str, media_type: str) -> Inspected:
    width = height = None
    if media_type in PREVIEWED:
        try:
            width, height = image_size(content)
        except UnreadableImage:
            if media_type not in KEPT_WITHOUT_PREVIEW:
                words = _("“%(name)s” can’t be opened as a photo, or has too many pixels.")
                raise Refused(words % {"name": name}) from None
    taken_at = None
    if media_type in _PASSED_THROUGH:
        taken_at = _taken_at(content)
    return Inspected(name, media_type, strip_gps_position(content), width, height, taken_at)


def _taken_at(content: bytes) -> datetime | None:
    """Read when a photo was taken; None if the metadata is missing or invalid."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "TIFF", "HEIF")) as image:
            exif = image.getexif().get_ifd(_EXIF)
        taken_at = datetime.strptime(str(exif[_TAKEN])[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        return taken_at.replace(tzinfo=_parse_offset(str(exif.get(_OFFSET, ""))))
    # A damaged one may raise anything in a decoder.
    except Exception:
        return None


def _parse_offset(offset: str) -> timezone | None:
    """Parse a UTC offset such as "+02:00"."""
    if len(offset) != 6 or offset[0] not in "+-" or not (offset[1:3] + offset[4:]).isdecimal():
        return None
    length = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    return timezone(length if offset[0] == "+" else -length)


def _check_archive(content: bytes, name: str) -> None:
    """Raise Refused for an Office file that is damaged, or decompresses to an excessive size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error):
        raise Refused(_("“%(name)s” is damaged.") % {"name": name}) from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > min(_MOST_UNPACKED, max(_ANYWAY, _MOST_RATIO * len(content))):
        raise Refused(_("“%(name)s” is too large when unpacked and can’t be uploaded.") % {"name": name})
