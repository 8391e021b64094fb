"""Health probes: /healthz (the process lives) and /readyz (its dependencies answer). No tenant, sign-in or details."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from crm.platform.health import readiness

APP = "throughline"


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"app": APP, "ok": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 with the names of the checks that failed."""
    failed = readiness.failures()
    age = readiness.tick_age()
    answer = {
        "app": APP,
        "ok": not failed,
        "failed": failed,
        "tick_age": None if age is None else round(age.total_seconds()),
    }
    return JsonResponse(answer, status=503 if failed else 200)
