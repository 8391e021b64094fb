"""Allowed document types: their size limits, extensions and labels."""

from dataclasses import dataclass
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.formats import MB, size_in_words
from crm.kernel.refusal import Refused

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class FileType:
    """An allowed type: its label, extensions, and size limit in bytes."""

    label: str | Promise
    endings: tuple[str, ...]
    most: int


_PHOTO = gettext_lazy("a photo")
_TEXT = gettext_lazy("a text")
_VIDEO = gettext_lazy("a video")
_SHEET = gettext_lazy("a spreadsheet")
TYPES: dict[str, FileType] = {
    "application/pdf": FileType(gettext_lazy("a PDF"), (".pdf",), 40 * MB),
    "image/jpeg": FileType(_PHOTO, (".jpg", ".jpeg", ".jpe", ".jfif"), 30 * MB),
    "image/png": FileType(_PHOTO, (".png",), 30 * MB),
    "image/gif": FileType(_PHOTO, (".gif",), 10 * MB),
    "image/webp": FileType(_PHOTO, (".webp",), 30 * MB),
    "image/heic": FileType(_PHOTO, (".heic", ".heif"), 30 * MB),
    "image/heif": FileType(_PHOTO, (".heic", ".heif"), 30 * MB),
    "image/tiff": FileType(_PHOTO, (".tif", ".tiff"), 40 * MB),
    "video/mp4": FileType(_VIDEO, (".mp4", ".m4v"), 60 * MB),
    "video/quicktime": FileType(_VIDEO, (".mov", ".qt"), 60 * MB),
    "video/3gpp": FileType(_VIDEO, (".3gp",), 60 * MB),
    "video/webm": FileType(_VIDEO, (".webm",), 60 * MB),
    f"{_OFFICE}.wordprocessingml.document": FileType(_TEXT, (".docx",), 25 * MB),
    f"{_OFFICE}.spreadsheetml.sheet": FileType(_SHEET, (".xlsx",), 25 * MB),
    f"{_OFFICE}.presentationml.presentation": FileType(gettext_lazy("a presentation"), (".pptx",), 25 * MB),
    "application/msword": FileType(_TEXT, (".doc",), 25 * MB),
    "application/vnd.ms-excel": FileType(_SHEET, (".xls",), 25 * MB),
    "application/vnd.oasis.opendocument.text": FileType(_TEXT, (".odt",), 25 * MB),
    "application/vnd.oasis.opendocument.spreadsheet": FileType(_SHEET, (".ods",), 25 * MB),
    "application/rtf": FileType(_TEXT, (".rtf",), 25 * MB),
    "text/plain": FileType(_TEXT, (".txt", ".text", ".log"), 5 * MB),
    "text/csv": FileType(gettext_lazy("a table"), (".csv",), 5 * MB),
}
# No file may be larger, of whatever type; a stream is cut here.
MOST = max(kind.most for kind in TYPES.values())
_BY_ENDING = {ending: media_type for media_type, kind in TYPES.items() for ending in kind.endings}
# What `accept` of a file field offers; the bytes decide.
ACCEPTED = ",".join(sorted(_BY_ENDING))


def ending_of(name: str) -> str:
    """Return the extension of a file name in lower case: ".pdf"."""
    return PurePath(name.replace("\\", "/")).suffix.lower()


def claimed_type(name: str) -> str:
    """Return the type that a file name's extension claims; blank if the extension is unknown."""
    return _BY_ENDING.get(ending_of(name), "")


def check_size(name: str, size: int, media_type: str = "") -> None:
    """Raise Refused if a file is empty or exceeds the limit of its type. Before it is read, the claimed type counts."""
    if size <= 0:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    kind = TYPES.get(media_type or claimed_type(name))
    if kind:
        most = kind.most
    else:
        most = MOST
    if size > most:
        words = _("“%(name)s” is too large. The limit is %(most)s.")
        raise Refused(words % {"name": name, "most": size_in_words(most)})


def in_words() -> str:
    """Describe the allowed types and sizes."""
    words = _("Photos up to %(photo)s, PDFs up to %(pdf)s, videos up to %(video)s, Office files up to %(office)s.")
    return words % {
        "photo": size_in_words(TYPES["image/jpeg"].most),
        "pdf": size_in_words(TYPES["application/pdf"].most),
        "video": size_in_words(TYPES["video/mp4"].most),
        "office": size_in_words(TYPES["application/msword"].most),
    }
