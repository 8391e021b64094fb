"""Run one operation of a bulk request through the view of its address, in a savepoint."""

import json
from http import HTTPStatus
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from rest_framework.response import Response

from api.requests.api_view import TokenView
from api.requests.problems import Problem, problem_body

# Of the request itself: what the views of the operations read of it.
CARRIED = ("HTTP_HOST", "REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "HTTP_X_FORWARDED_PROTO")
# Postgres ends one of two transactions that wait for each other with this code.
DEADLOCK = "40P01"


def run_operation(request: Any, operation: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict on an operation. Nothing stays of one that is refused.

    A request's token, member and tenant are those of the whole; scope, permission and rate are checked for each.
    """
    try:
        with transaction.atomic():
            answer = _call_view(request, operation)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
            raise
        words = _("Another request changes the same records. Send this operation again.")
        answer = _problem(HTTPStatus.CONFLICT, words)
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        return {"status": answer.status_code, "problem": answer.data}
    verdict = {"status": answer.status_code}
    if answer.data is not None:
        verdict |= {"id": answer.data["id"], "record": answer.data}
    return verdict


def _call_view(request: Any, operation: dict[str, Any]) -> Response:
    path = reverse("api:openapi").removesuffix("openapi.json") + operation["path"]
    match = resolve(path)
    view_class = getattr(match.func, "cls", None)
    if view_class is None or not issubclass(view_class, TokenView):
        return _problem(HTTPStatus.NOT_FOUND, _("There is no such address."))
    if view_class.is_bulk:
        return _problem(HTTPStatus.NOT_FOUND, _("An operation can’t be a bulk request itself."))
    answer: Response = match.func(_build_request(request, path, operation), *match.args, **match.kwargs)
    return answer


def _build_request(request: Any, path: str, operation: dict[str, Any]) -> HttpRequest:
    """Return the request of an operation, as if it were sent alone by the same token."""
    single: Any = HttpRequest()
    body = json.dumps(operation.get("body", {})).encode()
    single.method = operation["method"]
    single.path = single.path_info = path
    single.META = {name: request.META[name] for name in CARRIED if name in request.META}
    single.META |= {
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "REQUEST_METHOD": single.method,
    }
    single.content_type = "application/json"
    single.content_params = {}
    if "if_match" in operation:
        single.META["HTTP_IF_MATCH"] = operation["if_match"]
    single._body = body
    single._read_started = True
    whole = request._request
    single.api_token = whole.api_token
    single.tenant = whole.tenant
    single.member = whole.member
    return single


def _problem(status: int, words: str) -> Response:
    return Response(problem_body(Problem(status, words)), status)
