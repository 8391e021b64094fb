"""Detect a file's media type from its bytes; its name and declared type decide only between kinds of text."""

import re
from pathlib import PurePath

UNKNOWN = "application/octet-stream"
# Shown on a page, and only as an image we made of it anew.
PREVIEWED = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif"})
# Shown by the browser itself. A PDF is shown in no sandbox of ours: there Chromium shows none. It has one of its own,
# and the bytes begin as a PDF's, so that nothing else can be taken for it.
_OPENED = ("application/pdf", "video/")
# Taken also where it can't be decoded: phones write variants that no decoder of ours reads.
KEPT_WITHOUT_PREVIEW = frozenset({"image/heic", "image/heif"})

_HEAD = 4_096
_OPENINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"BZh", "application/x-bzip2"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
# ISO base media: the brand says what it holds.
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
}
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}.presentationml.presentation"),
)
# The old Office formats are one container; the ending says which, and all of them are only downloaded.
_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}
_MARKUP = re.compile(
    rb"<(?:!doctype html|html|head|body|script|iframe|svg|style|meta|table|div|img|a|p|br)[\s>/]", re.I
)
_TEXTS = frozenset(
    "text/csv text/calendar text/vcard text/markdown application/json application/xml message/rfc822".split()
)
_BY_ENDING = {".csv": "text/csv", ".ics": "text/calendar", ".vcf": "text/vcard", ".eml": "message/rfc822"}


def may_open(media_type: str) -> bool:
    """Tell whether the browser may open files of this type itself."""
    return media_type.startswith(_OPENED)


def sniff_media_type(content: bytes, name: str = "", declared: str = "") -> str:
    """Return the media type of a file's content."""
    head = content[:_HEAD]
    for opening, media_type in _OPENINGS:
        # What is letters may begin a text as well: there are none of a file's bytes in one.
        if head.startswith(opening) and not (opening.isalnum() and len(opening) < 4 and _is_letters(head)):
            return media_type
    return _container_type(content, head, name) or _text_type(head, name, declared)


def _is_letters(head: bytes) -> bool:
    return b"\0" not in head and all(byte > 8 for byte in head[:64])


def _container_type(content: bytes, head: bytes, name: str) -> str:
    if b"%PDF-" in head[:1_024]:
        return "application/pdf"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_type(content, head)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _OLE.get(PurePath(name).suffix.lower(), "application/x-ole-storage")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] < 0xFE:
        if head[1] & 0x06:
            return "audio/mpeg"
        return "audio/aac"
    return ""


def _zip_type(content: bytes, head: bytes) -> str:
    if head[30:38] == b"mimetype" and (match := re.match(rb"application/[a-z0-9.+-]{1,80}", head[38:])):
        return match[0].decode().removesuffix("PK")
    directory = content[-65_536:]
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in directory:
        for folder, media_type in _ZIPPED:
            if folder in head or folder in directory:
                return media_type
    return "application/zip"


def _text_type(head: bytes, name: str, declared: str) -> str:
    """Return the type of a text file. Anything a browser would parse as markup is markup."""
    if b"\0" in head[:1_024] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UNKNOWN
    plain = head.replace(b"\0", b"")
    if match := _MARKUP.search(plain):
        if match[0][1:4].lower() == b"svg":
            return "image/svg+xml"
        return "text/html"
    if plain.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "application/xml"
    if sum(1 for byte in plain if byte < 9 or 13 < byte < 27) > len(plain) // 50:
        return UNKNOWN
    for opening, media_type in ((b"BEGIN:VCARD", "text/vcard"), (b"BEGIN:VCALENDAR", "text/calendar")):
        if plain.lstrip(b"\xef\xbb\xbf").startswith(opening):
            return media_type
    declared = declared.split(";")[0].strip().lower()
    if declared in _TEXTS:
        return declared
    return _BY_ENDING.get(PurePath(name).suffix.lower(), "text/plain")
