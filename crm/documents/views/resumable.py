"""Resumable uploads over HTTP, like tus 1.0: POST begins, HEAD returns the bytes received, PATCH appends.

Answers in words, plain text, for the script that sends (static/js/upload.js). Whose the upload is, and what becomes of
it, is said by who calls: members here, customers in the portal.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from crm.documents.models import Upload
from crm.documents.models.upload import LARGEST_PIECE
from crm.kernel.refusal import Refused, Stale
from crm.kernel.whole_numbers import read_number

PIECE = "application/offset+octet-stream"


def text_response(words: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> HttpResponse:
    """Return a plain-text response."""
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def size_in(request: HttpRequest) -> int:
    """Return the announced upload size; 0 if missing or invalid."""
    return read_number(request.POST.get("size")) or 0


def upload_created(upload: Upload, url: str) -> HttpResponse:
    """Return the response with the URL to send parts to."""
    response = HttpResponse(status=HTTPStatus.CREATED)
    response["Location"] = url
    return _with_offset(response, upload)


def take(request: HttpRequest, upload: Upload, finish: Callable[[Upload], None]) -> HttpResponse:
    """Handle HEAD, PATCH and DELETE of an upload. `finish` creates the document and may raise Refused."""
    if request.method == "HEAD":
        return _with_offset(HttpResponse(), upload)
    if request.method == "DELETE":
        upload.discard()
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.method != "PATCH":
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "HEAD, PATCH, DELETE"})
    return _append_piece(request, upload, finish)


def _append_piece(request: HttpRequest, upload: Upload, finish: Callable[[Upload], None]) -> HttpResponse:
    if request.content_type != PIECE:
        return text_response(_("The upload failed. Send the file again."), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset, length = (read_number(request.headers.get(name)) for name in ("Upload-Offset", "Content-Length"))
    if offset is None or length is None:
        return text_response(_("The upload failed. Send the file again."), HTTPStatus.BAD_REQUEST)
    if offset != upload.received:
        return _answer_misplaced(upload, offset, length)
    # Nothing is read that would not be kept.
    if length > min(LARGEST_PIECE, upload.size - upload.received):
        return text_response(_("“%(name)s” changed during the upload. Send it again.") % {"name": upload.name}, 413)
    try:
        upload.append(offset, request.read(length))
    except Upload.DoesNotExist:
        raise Http404("an upload that was discarded") from None
    except Stale:
        return _answer_misplaced(upload, offset, length)
    if upload.is_complete:
        _finish_upload(upload, finish)
    return _answer_end(upload)


def _answer_misplaced(upload: Upload, offset: int, length: int) -> HttpResponse:
    """Return the response to a part already received: the upload's outcome, or the offset to continue from."""
    if upload.is_repeated_by(offset, length):
        return _answer_end(upload)
    return _with_offset(HttpResponse(status=HTTPStatus.CONFLICT), upload)


def _finish_upload(upload: Upload, finish: Callable[[Upload], None]) -> None:
    """Create a document from an upload. `append` locks its row, so only one request gets here."""
    refusal = ""
    try:
        with transaction.atomic():
            finish(upload)
    except Refused as why:
        refusal = str(why)
    upload.finish(refusal)


def _answer_end(upload: Upload) -> HttpResponse:
    if upload.refusal:
        return text_response(upload.refusal)
    return _with_offset(HttpResponse(status=HTTPStatus.NO_CONTENT), upload)


def _with_offset(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"], response["Upload-Length"] = str(upload.received), str(upload.size)
    response["Cache-Control"] = "no-store"
    return response
