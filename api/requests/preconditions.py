"""`ETag`, `If-Match` and `If-None-Match`: a record is named by the hash of what the API shows of it."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from api.requests.problems import Problem


def etag_of(data: Any) -> str:
    """Return the entity tag of a record as it is shown."""
    return quote_etag(hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32])


def check_conditions(request: Any, etag: str) -> HttpResponse | None:
    """Return the answer 304 if the client has the record as it is.

    Raises Problem: 412 if it was changed since, 400 for an If-Match that names no version.
    """
    _check_tags(request.headers.get("If-Match"))
    answer = get_conditional_response(request._request, etag=etag)
    if answer is not None and answer.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise Problem(HTTPStatus.PRECONDITION_FAILED, _("Someone else changed this in the meantime. Read it again."))
    return answer


def _check_tags(header: str | None) -> None:
    """Raise Problem for an If-Match without an entity tag: Django leaves it out, and the write would overwrite."""
    if header is not None and not parse_etags(header):
        words = _("If-Match has the ETag of the record in double quotes, as it was given.")
        raise Problem(HTTPStatus.BAD_REQUEST, words)
