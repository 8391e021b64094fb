"""Error pages in the product's design, with the request's id to quote. The 500 needs no database, session or user."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.platform.health.full_disk import is_full_disk

GetResponse = Callable[[HttpRequest], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Render the CSRF failure page: the form was sent from an old page, or from another site."""
    return forbidden(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def only_posted(get_response: GetResponse) -> GetResponse:
    """Middleware: explain a GET request to a POST-only URL, instead of an empty 405."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer


def too_many(request: HttpRequest, exception: Exception | None = None, *, retry_after: int = 60) -> HttpResponse:
    """Render the 429 page; `retry_after` in seconds."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(retry_after)
    return response


def storage_full(request: Any) -> HttpResponse:
    """Return 507: no disk space for a file, nothing was stored. Plain text for requests other than pages."""
    if "text/html" not in request.headers.get("Accept", ""):
        return HttpResponse(no_room_words(), status=507, content_type="text/plain; charset=utf-8")
    return HttpResponse(render_to_string("507.html", {"request": request}), status=507)


def no_room_words() -> str:
    """Return the message that there is no disk space for a file."""
    return _("There is no room for files at the moment, so nothing was stored. Try again later.")


def server_error(request: Any) -> HttpResponse:
    """Return 500, or 507 if the exception being handled is a full disk."""
    if is_full_disk(sys.exception()):
        return storage_full(request)
    # Without the request's context processors: one of them may be what failed.
    context = {"request": request, "is_post": request.method == "POST", "fields": _form_fields(request)}
    return HttpResponse(render_to_string("500.html", context), status=500)


def _form_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the failed form, to submit again; none if one is a file or a password."""
    try:
        if request.FILES or any("password" in name for name in request.POST):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, SuspiciousOperation, MultiPartParserError):  # the form itself could not be read
        return []
