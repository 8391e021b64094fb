"""Middleware: the file host serves files only. It has no sign-in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def files_alone(get_response: GetResponse) -> GetResponse:
    """Return 404 for any other URL on the file host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        host = settings.ATTACHMENT_HOST
        if host and request.get_host() == host and not request.path_info.startswith(settings.FILE_PATHS):
            return HttpResponse("There is nothing at this address.", status=404, content_type="text/plain")
        return get_response(request)

    return middleware
