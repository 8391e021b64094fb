"""Security headers that Django and django-csp do not set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# Nothing here needs a sensor or a payment; a script that got in should not reach them either.
_OFF = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in (*_OFF, "midi", "payment", "usb", "browsing-topics"))


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: switch off browser features; keep pages about people out of shared and browser caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if getattr(request, "_cached_user", None) is not None:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def vary_on_htmx(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: vary caches on htmx, as one URL returns a fragment to htmx and a page to others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware
