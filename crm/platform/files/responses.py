"""Answer with a stored file: as a download that the browser never shows, or as an image made anew of it.

Whoever answers has asked before whether the reader may have it.
"""

import unicodedata
from pathlib import PurePath
from typing import cast

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from crm.platform.files import stored_files
from crm.platform.files.images import NoImage, preview
from crm.platform.files.media_types import PREVIEWED, UNKNOWN
from crm.platform.models import StoredFile

# A browser that ignored every header would still find nothing to run in these.
_AS_THEY_ARE = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/vnd.", "text/plain")
_LONGEST_NAME = 150
# A file above this has no preview.
_MOST_BYTES = 30_000_000
LARGE, SMALL = 1_600, 320


def download(file: StoredFile, name: str, media_type: str) -> HttpResponse:
    """Answer the file as it is, to be saved. Raises Http404 once it is gone."""
    response = stored_files.answer(file)
    is_safe = media_type.startswith(_AS_THEY_ARE) and media_type != "image/svg+xml"
    response["Content-Type"] = media_type if is_safe else UNKNOWN
    response["Content-Disposition"] = content_disposition_header(True, safe_name(name))
    return cast("HttpResponse", response)


def image(file: StoredFile, media_type: str, edge: int) -> HttpResponse:
    """Answer an image made anew, its longer side at most so many pixels. Raises Http404 where there is none."""
    if media_type not in PREVIEWED or file.size > _MOST_BYTES:
        raise Http404
    try:
        with stored_files.opened(file) as opened:
            content, shown_type = preview(opened.read(), edge=edge)
    except (stored_files.Gone, NoImage):
        raise Http404 from None
    response = HttpResponse(content, content_type=shown_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    return response


def safe_name(name: str) -> str:
    """A name without a path, line ends and marks that turn the writing round: `exe.gpj` must not read as a photo."""
    name = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    stem, suffix = PurePath(kept).stem, PurePath(kept).suffix[:12]
    return f"{stem[: _LONGEST_NAME - len(suffix)]}{suffix}" or "attachment"
