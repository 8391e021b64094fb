"""Pages that may be read from the replica, and the cookie by which members see what they have just written."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm.platform.replica.lag import PINNED_FOR
from crm.platform.replica.reading import read_stale

View = Callable[..., HttpResponse]

SAFE_METHODS = ("GET", "HEAD")


def may_lag(view: View) -> View:
    """Decorator, below `require`: run a GET of the view on the replica if there is one; it may be seconds behind."""

    @wraps(view)
    def replica_view(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return view(request, *args, **kwargs)

        def answer() -> HttpResponse:
            response: Any = view(request, *args, **kwargs)
            if not getattr(response, "is_rendered", True):
                response.render()
            return response

        is_pinned = settings.WROTE_COOKIE_NAME in request.COOKIES
        response, request.read_from = read_stale(answer, name=request.resolver_match.view_name, is_pinned=is_pinned)
        return response

    replica_view.may_lag = True  # type: ignore[attr-defined]
    return replica_view


def pin_writers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: have a browser that has just written read the primary for some seconds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE_METHODS and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                settings.WROTE_COOKIE_NAME, "1", PINNED_FOR, secure=settings.TLS, httponly=True, samesite="Lax"
            )
        return response

    return middleware
