"""Middleware that removes NUL characters from forms and query strings, as Postgres cannot store them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\0"


class NulMiddleware:
    """Remove NUL characters from GET and POST data: Postgres refuses a text with one.

    What posts without a token of ours is read by its own view, as it came.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request.GET = without_nul(request.GET)  # type: ignore[assignment]
        # Django looks for its token in the form first: by now that is read.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = without_nul(request.POST)  # type: ignore[assignment]


def without_nul(query: QueryDict) -> QueryDict:
    """Return the data without NUL characters; the same object if there are none."""
    if not any(NUL in text for name, values in query.lists() for text in (name, *map(str, values))):
        return query
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        kept.setlist(name.replace(NUL, ""), [str(value).replace(NUL, "") for value in values])
    kept._mutable = False
    return kept
