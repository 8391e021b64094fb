"""Check by its archive's declarations whether an Office workbook is safe, before unpacking.

A part never yields more bytes than it declares (zipfile stops there), so the declared sizes bound memory and time.
"""

import lzma
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import IO

from libs.sentence import Sentence
from libs.sentence import Sentence as _
from libs.tabular.unreadable import UnreadableTable

MAX_PARTS = 2000
# Bytes, unpacked: one sheet; the texts all cells share; any other part that is read.
MAX_SHEET = 1_000_000_000
MAX_TEXTS = 100_000_000
MAX_PART = 16_000_000
MAX_DIRECTORY = 4_000_000
# Sheets of equal rows pack at about 1:40, zeros alone at 1:1000.
MAX_RATIO = 250
_SMALL = 10_000_000
_PIECE = 1 << 16
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# What opening and reading an archive raises where its bytes are not as they should be.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
DAMAGED = _(
    "This workbook is damaged or incomplete. Open it in a spreadsheet program, save it again and choose it again."
)
_TOO_LARGE = _(
    "This workbook unpacks to far more than a list needs, so it was not opened. Save it as CSV UTF-8 instead."
)


def is_workbook(file: IO[bytes]) -> bool:
    """True if a file is an archive or Office container, whatever its name."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def unpacked_size(file: IO[bytes]) -> int:
    """Return the declared unpacked size of a workbook. Raises UnreadableTable if it must not be opened."""
    with open_workbook(file) as archive:
        return sum(info.file_size for info in archive.infolist())


def element_count(file: IO[bytes]) -> int:
    """Estimate the elements of a workbook by its bytes, as parsing an empty row takes as long as a full one.

    All parts are unpacked for it. Raises UnreadableTable for what is not to be opened; of a broken part
    counts what can be unpacked.
    """
    count = 0
    with open_workbook(file) as archive:
        for info in archive.infolist():
            with suppress(*BROKEN), archive.open(info) as unpacked:
                while piece := unpacked.read(_PIECE):
                    count += piece.count(b"<") - piece.count(b"</")
    return count


def open_workbook(file: IO[bytes]) -> zipfile.ZipFile:
    """Open the archive after checking it. Raises UnreadableTable for harmful or invalid ones."""
    _refuse_ole(file)
    _refuse_long_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN:
        raise UnreadableTable(DAMAGED) from None
    _refuse_bomb(archive.infolist())
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise UnreadableTable(_what_else(archive, names))
    return archive


def part(archive: zipfile.ZipFile, name: str, limit: int = MAX_PART) -> IO[bytes]:
    """Open one part of the archive. Raises UnreadableTable if missing or declared larger than the limit."""
    try:
        info = archive.getinfo(name)
        if info.file_size > limit:
            raise UnreadableTable(_TOO_LARGE)
        return archive.open(info)
    except BROKEN:
        raise UnreadableTable(DAMAGED) from None


def _refuse_ole(file: IO[bytes]) -> None:
    file.seek(0)
    head = file.read(1 << 16)
    if not head.startswith(_OLE):
        return
    file.seek(-min(1 << 16, file.seek(0, 2)), 2)
    if _ENCRYPTED in head or _ENCRYPTED in file.read():
        raise UnreadableTable(
            _("This workbook is protected by a password. Open it, remove the password and save it again.")
        )
    raise UnreadableTable(_("This is an old Excel workbook (.xls). Open it and save it as .xlsx, or as CSV UTF-8."))


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Check the size of the directory first, as zipfile loads all of it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_OF_DIRECTORY.size:
        raise UnreadableTable(DAMAGED)
    _sign, _disk, _start, _here, parts, length, _offset, _comment = _END_OF_DIRECTORY.unpack_from(tail, at)
    if parts > MAX_PARTS or length > MAX_DIRECTORY:
        raise UnreadableTable(_("This workbook has more parts than a normal spreadsheet, so it was not opened."))
    file.seek(0)


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    if len({info.filename for info in parts}) < len(parts):
        raise UnreadableTable(_("This workbook has two parts with the same name, so it was not opened."))
    for info in parts:
        steps = info.filename.replace("\\", "/").split("/")
        if ".." in steps or info.filename.startswith(("/", "\\")) or ":" in steps[0]:
            raise UnreadableTable(_("This workbook refers to a file outside itself, so it was not opened."))
        if info.flag_bits & 1:
            raise UnreadableTable(
                _("This workbook is protected by a password. Open it, remove the password and save it again.")
            )
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise UnreadableTable(_TOO_LARGE)
    if sum(info.file_size for info in parts) > 2 * MAX_SHEET:
        raise UnreadableTable(_TOO_LARGE)


def _begin_of(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return part(archive, name).read(200)
    except BROKEN:
        raise UnreadableTable(DAMAGED) from None


def _what_else(archive: zipfile.ZipFile, names: set[str]) -> Sentence:
    if "xl/workbook.bin" in names:
        return _("This is a binary workbook (.xlsb). Open it and save it as .xlsx, or as CSV UTF-8.")
    if "mimetype" in names and b"opendocument.spreadsheet" in _begin_of(archive, "mimetype"):
        return _("This is an OpenDocument workbook (.ods). Open it and save it as .xlsx, or as CSV UTF-8.")
    if any(name.endswith(".iwa") for name in names):
        return _("This is a Numbers workbook. Open it and export it as .xlsx, or as CSV.")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        return _("This is a text document or slides. Put the list into a spreadsheet and save that as .xlsx or CSV.")
    if "[Content_Types].xml" in names:
        return DAMAGED
    return _("This file is compressed (ZIP). Unpack it first and choose the spreadsheet in it.")
