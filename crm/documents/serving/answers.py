"""Responses with a document version: a re-encoded image, an inline file, or a download."""

from pathlib import PurePath
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse

from crm.documents.files.limits import TYPES
from crm.documents.models import Document, DocumentVersion
from crm.documents.serving.addresses import AddressUse
from crm.platform.files import responses
from crm.platform.files.media_types import may_open


def answer(request: HttpRequest, document: Document, version: DocumentVersion, use: AddressUse) -> HttpResponse:
    """Return the response with a version for a use. Raises Http404 if the use is impossible or the bytes are gone."""
    if use == AddressUse.DOWNLOAD:
        return responses.download_response(version.file, file_name(document, version), version.media_type)
    if use == AddressUse.OPEN:
        if not may_open(version.media_type):
            raise Http404
        return responses.inline_response(request, version.file, file_name(document, version), version.media_type)
    if use == AddressUse.SMALL and version.thumbnail is not None:
        return cast("HttpResponse", responses.image_response(version.thumbnail, version.thumbnail.content_type))
    return responses.preview_response(
        version.file, version.media_type, responses.SMALL if use == AddressUse.SMALL else responses.LARGE
    )


def file_name(document: Document, version: DocumentVersion) -> str:
    """Return the file name of a download: the title, with the extension of its type."""
    endings = TYPES[version.media_type].endings if version.media_type in TYPES else ()
    suffix = PurePath(document.title).suffix.lower()
    return document.title if suffix in endings or not endings else f"{document.title}{endings[0]}"
