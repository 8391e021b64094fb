"""Responses with a stored file: as a download, as a re-encoded preview, or shown by the browser.

The caller checks permissions before.
"""

import re
import unicodedata
from http import HTTPStatus
from pathlib import PurePath
from typing import TypeVar, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from crm.platform.files import stored_files
from crm.platform.files.images import UnreadableImage, build_preview
from crm.platform.files.media_types import PREVIEWED, UNKNOWN
from crm.platform.models import StoredFile

# A browser that ignored every header would still find nothing to run in these.
_AS_THEY_ARE = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/vnd.", "text/plain")
_LONGEST_NAME = 150
# A file above this has no preview.
_MOST_BYTES = 30_000_000
LARGE = 1_600
SMALL = 320
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
# A part of a video is answered by so many bytes at most; its player asks on.
_MOST_PART = 4_000_000
# The browser's own viewer of a PDF or a video is a page with that file in it; nothing else is loaded.
_SHOWN = "default-src 'none'; object-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
R = TypeVar("R", bound=HttpResponseBase)


def download_response(file: StoredFile, name: str, media_type: str) -> HttpResponse:
    """Return the file as a download. Raises Http404 once it is deleted."""
    response = stored_files.file_response(file)
    is_safe = media_type.startswith(_AS_THEY_ARE) and media_type != "image/svg+xml"
    if is_safe:
        response["Content-Type"] = media_type
    else:
        response["Content-Type"] = UNKNOWN
    response["Content-Disposition"] = content_disposition_header(True, safe_filename(name))
    return cast("HttpResponse", response)


def preview_response(file: StoredFile, media_type: str, edge: int) -> HttpResponse:
    """Return a re-encoded preview with its longer side at most `edge` pixels. Raises Http404 if there is none."""
    if media_type not in PREVIEWED or file.size > _MOST_BYTES:
        raise Http404
    try:
        with stored_files.open_file(file) as opened:
            content, shown_type = build_preview(opened.read(), edge=edge)
    except (stored_files.FileGone, UnreadableImage):
        raise Http404 from None
    return _add_sandbox(HttpResponse(content, content_type=shown_type))


def image_response(file: StoredFile, media_type: str) -> FileResponse:
    """Return a stored image that the product generated. Raises Http404 once it is deleted."""
    response = stored_files.file_response(file)
    response["Content-Type"] = media_type
    return _add_sandbox(response)


def inline_response(request: HttpRequest, file: StoredFile, name: str, media_type: str) -> HttpResponse:
    """Return a file for the browser to show, or the requested byte range of it. Raises Http404 once it is deleted.

    The policy lets nothing load and nobody frame it; without `sandbox`, in which no browser shows a PDF.
    """
    try:
        with stored_files.open_file(file) as opened:
            part = _parse_range(request.headers.get("Range", ""), file.size)
            if part is None:
                response = HttpResponse(opened.read())
            else:
                first, last = part
                opened.seek(first)
                response = HttpResponse(opened.read(last - first + 1), status=HTTPStatus.PARTIAL_CONTENT)
                response["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    except stored_files.FileGone:
        raise Http404 from None
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = media_type
    response["Content-Security-Policy"] = _SHOWN
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = str(content_disposition_header(False, safe_filename(name)))
    return response


def _parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Parse "bytes=0-99", "bytes=100-", "bytes=-50"; None for anything else, which means the whole file."""
    match = _RANGE.fullmatch(header[:60])
    if not match or not size or match[1] == match[2] == "":
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    first = int(match[1])
    last = min(int(match[2] or size), size - 1)
    if first <= last:
        return (first, min(last, first + _MOST_PART - 1))
    return None


def _add_sandbox(response: R) -> R:
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    return response


def safe_filename(name: str) -> str:
    """Return the name without path and control characters, such as those that reverse text (`exe.gpj`)."""
    name = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    stem = PurePath(kept).stem
    suffix = PurePath(kept).suffix[:12]
    return f"{stem[: _LONGEST_NAME - len(suffix)]}{suffix}" or "attachment"
