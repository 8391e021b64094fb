"""Health probes: /healthz (the process lives) and /readyz (its dependencies answer). No tenant, sign-in or details."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.platform.health import readiness

APP = "throughline"


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"app": APP, "ok": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 with the names of the checks that failed."""
    failed = readiness.failing_checks()
    age = readiness.tick_age()
    if age is None and readiness.tick.__name__ not in failed:
        # It was known a moment ago.
        failed = [*failed, readiness.tick.__name__]
    answer = {
        "app": APP,
        "ok": not failed,
        "failed": failed,
        "tick_age": None if age is None else round(age.total_seconds()),
    }
    return JsonResponse(answer, status=503 if failed else 200)


PROBES = {"/healthz": alive, "/readyz": ready}


def probes_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer probes before middleware that needs cookies, sessions, users or the database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        if probe is None:
            return get_response(request)
        # The request log knows pages by their route.
        request.resolver_match = resolve(request.path_info)
        return probe(request)

    return middleware
