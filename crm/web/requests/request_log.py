"""Request ids and the access log: one line per request with page, duration and user id, never the name."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from crm.platform.health import page_times
from crm.platform.replica import lag as replica_lag

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# Anything longer, or with other signs, could forge lines or fill the log.
_SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Probes come every few seconds and would drown the rest.
_QUIET = {"healthz", "readyz"}


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: gives each request an id (`request.id`), returns it in a header, and logs the request with it."""

    def middleware(request: Any) -> HttpResponse:
        client_id = request.headers.get(HEADER, "")
        if _SANE.fullmatch(client_id):
            request.id = client_id
        else:
            request.id = secrets.token_hex(8)
        began = time.perf_counter()
        with bound_contextvars(request=request.id):
            response = get_response(request)
            response[HEADER] = request.id
            _log_request(request, response, time.perf_counter() - began)
            return response

    return middleware


def _log_request(request: Any, response: HttpResponse, took: float) -> None:
    match = request.resolver_match
    # The pattern, not the path: numbers, tokens and slugs in a path tell who it was about.
    route = None
    if match:
        route = match.route
    if route in _QUIET and response.status_code < 400:
        return
    if route is not None and response.status_code < 500:
        page_times.count_answer(route, took)
    line = {
        "method": request.method if request.method in _METHODS else "?",
        "route": route,
        "status": response.status_code,
        "ms": round(took * 1000, 1),
        "tenant": getattr(getattr(request, "tenant", None), "pk", None),
        "member": getattr(getattr(request, "member", None), "pk", None),
        "user": _user_id(request),
        "read_from": getattr(request, "read_from", None) if replica_lag.is_configured() else None,
    }
    if response.status_code >= 500:
        level = logging.ERROR
    else:
        level = logging.INFO
    logger.log(level, "request", extra={key: value for key, value in line.items() if value is not None})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _user_id(request: Any) -> int | None:
    # Only if somebody looked already: the log must not cost a query, nor need the database.
    user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
