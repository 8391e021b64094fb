"""Remove the GPS position from an image or video without re-encoding it.

JPEG, PNG and WebP are lists of parts: those with metadata are left out, and the orientation is put back. HEIC, AVIF and
TIFF point into themselves by numbers of bytes: there the position is written over where it stands.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from crm.platform.files.media_types import sniff_media_type

_ORIENTATION = 0x0112
_GPS = 0x8825
# What a JPEG needs to look the same: JFIF, the colour profile, Adobe's colours.
_KEPT_APPS = {0xE0: b"", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_METADATA = {b"EXIF", b"XMP "}
# In XMP, as an attribute or an element.
_XMP_POSITION = re.compile(rb"exif:GPS[A-Za-z]{1,30}(?:=\"[^\"]{0,80}\"|='[^']{0,80}'|>[^<]{0,80}<)")
_MOST_ENTRIES = 512
# Of a video (ISO 6709), wherever its maker keeps it: "+27.5916+086.5640+8850/".
_VIDEO_POSITION = re.compile(
    rb"[+-]\d{2,6}(?:\.\d{1,8})?[+-]\d{3,7}(?:\.\d{1,8})?(?:[+-]\d{1,6}(?:\.\d{1,8})?)?(?:CRS[A-Z0-9_]{1,20})?/"
)


def strip_gps_position(content: bytes) -> bytes:
    """Return an image or video without its GPS position; other and damaged files unchanged."""
    kind = sniff_media_type(content)
    try:
        if kind == "image/jpeg":
            return _strip_jpeg(content)
        if kind == "image/png":
            return _strip_png(content)
        if kind == "image/webp":
            return _strip_webp(content)
        if kind in {"image/heic", "image/heif", "image/avif", "image/tiff"}:
            return _blank_positions(content)
        if kind.startswith("video/"):
            return _blank_video_position(content)
    except (struct.error, IndexError, ValueError):
        return _blank_positions(content)
    return content


def _orientation_exif(exif: bytes) -> bytes:
    """Return EXIF data with the orientation alone; empty if the image is upright."""
    exif_data = Image.Exif()
    try:
        exif_data.load(exif)
        turned = int(exif_data.get(_ORIENTATION, 1))
    except Exception:
        return b""
    if not 2 <= turned <= 8:
        return b""
    alone = Image.Exif()
    alone[_ORIENTATION] = turned
    return alone.tobytes()


def _strip_jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    exif = b""
    at = 2
    for marker, begin, end in _jpeg_segments(content):
        if marker == 0xE1 and content[begin + 4 : begin + 10] == b"Exif\0\0":
            exif = exif or _orientation_exif(content[begin + 4 : end])
        if not _is_metadata(marker, content[begin + 4 : begin + 20]):
            kept.append(content[begin:end])
        at = end
    if at == 2:
        raise ValueError
    if exif:
        if not exif.startswith(b"Exif\0\0"):
            exif = b"Exif\0\0" + exif
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    return b"".join(kept)


def _is_metadata(marker: int, opening: bytes) -> bool:
    if not (0xE0 <= marker <= 0xEF or marker == 0xFE):
        return False
    return marker not in _KEPT_APPS or not opening.startswith(_KEPT_APPS[marker])


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the segments of a JPEG up to its end marker; a second image behind it is dropped."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise ValueError
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            yield marker, at, at + 2
            return
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == 0xDA:
            match = _NEXT_MARKER.search(content, end)
            if match:
                end = match.start()
            else:
                end = len(content)
        yield marker, at, end
        at = end
    if at + 2 <= len(content) and content[at : at + 2] == b"\xff\xd9":
        yield 0xD9, at, at + 2


def _strip_png(content: bytes) -> bytes:
    kept = [content[:8]]
    at = 8
    exif = b""
    while at + 12 <= len(content):
        length = struct.unpack_from(">I", content, at)[0]
        kind = content[at + 4 : at + 8]
        end = at + 12 + length
        if kind == b"eXIf":
            exif = _orientation_exif(content[at + 8 : at + 8 + length])
        if kind not in _PNG_METADATA:
            kept.append(content[at:end])
        at = end
        if kind == b"IEND":
            break
    if exif:
        kept.insert(2, _png_chunk(b"eXIf", exif.removeprefix(b"Exif\0\0")))
    return b"".join(kept)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _strip_webp(content: bytes) -> bytes:
    kept = []
    at = 12
    exif = b""
    while at + 8 <= len(content):
        kind = content[at : at + 4]
        length = struct.unpack_from("<I", content, at + 4)[0]
        end = at + 8 + length + (length & 1)
        if kind == b"EXIF":
            exif = _orientation_exif(content[at + 8 : at + 8 + length])
        if kind not in _WEBP_METADATA:
            kept.append(content[at:end])
        at = end
    if exif:
        exif = exif.removeprefix(b"Exif\0\0")
        kept.append(b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) & 1))
    if kept and kept[0][:4] == b"VP8X":
        # Which metadata follows: bit 3 EXIF, bit 2 XMP.
        flags = kept[0][8] & ~0x0C | (0x08 if exif else 0)
        kept[0] = kept[0][:8] + bytes([flags]) + kept[0][9:]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _blank_video_position(content: bytes) -> bytes:
    """Overwrite the position of a video with zeros: its parts refer to each other by byte offset."""
    data = bytearray(content)
    for match in _VIDEO_POSITION.finditer(content):
        place = re.sub(rb"[0-9]", b"0", match[0])
        data[match.start() : match.end()] = place
    return bytes(data)


def _blank_positions(content: bytes) -> bytes:
    """Overwrite positions in place, so that byte offsets stay valid."""
    data = bytearray(content)
    starts = [match.end() for match in re.finditer(rb"Exif\0\0(?=II\*\0|MM\0\*)", content)][:16]
    if content[:4] in (b"II*\0", b"MM\0*"):
        starts.append(0)
    for start in starts:
        _blank_gps(data, start)
    for match in _XMP_POSITION.finditer(content):
        at = content.find(b"GPS", match.start()) + 3
        for index in range(at, match.end() - 1):
            if data[index] in b"0123456789":
                data[index] = ord("0")
    return bytes(data)


def _blank_gps(data: bytearray, start: int) -> None:
    """Zero the entries of the GPS directory of TIFF data that begins here, and the values they point to."""
    order = ">"
    if data[start : start + 2] == b"II":
        order = "<"
    first = struct.unpack_from(f"{order}I", data, start + 4)[0]
    for tag, _type, _count, value, _at in _tiff_entries(data, start, first, order):
        if tag == _GPS:
            for _tag, kind, count, target, entry in list(_tiff_entries(data, start, value, order)):
                size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}.get(kind, 1) * count
                if size > 4 and start + target + size <= len(data) and size < 4_096:
                    data[start + target : start + target + size] = bytes(size)
                data[entry : entry + 12] = bytes(12)


def _tiff_entries(data: bytearray, start: int, offset: int, order: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield the entries of a TIFF directory: tag, type, count, value, offset of the entry."""
    at = start + offset
    if at + 2 > len(data):
        return
    count = struct.unpack_from(f"{order}H", data, at)[0]
    for index in range(min(count, _MOST_ENTRIES)):
        entry = at + 2 + 12 * index
        if entry + 12 > len(data):
            return
        yield (*struct.unpack_from(f"{order}HHII", data, entry), entry)
