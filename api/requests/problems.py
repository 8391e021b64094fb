"""Problem details (RFC 9457): what the API answers where it does not do what was asked.

The sentences are those of the forms. 422: the body is not as the schema says. 409: it is, but the records as they are
do not allow it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.jobs.customers.creation import CustomerExists
from crm.kernel.refusal import Refused, Stale
from crm.platform.tenancy.context import current_tenant_id

MEDIA_TYPE = "application/problem+json"
# Every status that is a problem, with its code and title.
TITLES = {
    400: ("bad_request", gettext_lazy("The request can’t be read")),
    401: ("no_token", gettext_lazy("The token is missing or not valid")),
    403: ("not_allowed", gettext_lazy("The token may not do this")),
    404: ("not_found", gettext_lazy("There is nothing here")),
    405: ("wrong_method", gettext_lazy("The address does not take this method")),
    406: ("not_acceptable", gettext_lazy("Answers are JSON")),
    409: ("conflict", gettext_lazy("It can’t be done as things are")),
    412: ("changed", gettext_lazy("The record was changed meanwhile")),
    413: ("too_large", gettext_lazy("The body is too large")),
    415: ("wrong_type", gettext_lazy("The body is of another type than is taken here")),
    422: ("invalid", gettext_lazy("The body is not valid")),
    429: ("slow_down", gettext_lazy("Too many requests")),
}


@dataclass(frozen=True)
class ProblemPart:
    """A part of the request that is wrong: the pointer of a value in the body (RFC 6901), or a query parameter."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self) -> dict[str, str]:
        named = {"pointer": self.pointer, "parameter": self.parameter}
        return {name: value for name, value in named.items() if value} | {"detail": self.detail}


class Problem(exceptions.APIException):
    """A problem with a status, a sentence, and the parts of the request that are wrong."""

    def __init__(self, status: int, detail: str, *parts: ProblemPart, wait: int = 0) -> None:
        super().__init__(detail)
        self.status_code = status
        self.parts = parts
        if wait:
            self.wait = wait


class CustomerProblem(Problem):
    """The problem of a new customer whose address or number others have: it names those that the member may see."""

    def __init__(self, error: CustomerExists) -> None:
        super().__init__(HTTPStatus.CONFLICT, str(error))
        self.customers = [{"id": str(person.uid), "name": person.name} for person in error.people]


def bad_parameter(name: str, detail: str) -> Problem:
    """Return the problem of a query parameter that can't be read."""
    return Problem(HTTPStatus.BAD_REQUEST, detail, ProblemPart(detail, parameter=name))


def conflict_at(pointer: str, detail: str) -> Problem:
    """Return the problem of a value that names nothing, or is not possible as the records are."""
    return Problem(HTTPStatus.CONFLICT, detail, ProblemPart(detail, pointer=pointer))


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception with problem details, and roll back what was written. None: it is a programming error."""
    problem = _as_api_exception(error)
    if isinstance(error, exceptions.UnsupportedMediaType):
        problem = _media_type_problem(context["request"].parsers)
    if problem is None:
        return None
    if current_tenant_id() is not None and connection.in_atomic_block:
        transaction.set_rollback(True)
    headers = {}
    if getattr(problem, "auth_header", None):
        headers["WWW-Authenticate"] = problem.auth_header
    if getattr(problem, "wait", None):
        headers["Retry-After"] = str(int(problem.wait))
    return Response(problem_body(problem), problem.status_code, headers=headers, content_type=MEDIA_TYPE)


def problem_body(problem: Any) -> dict[str, Any]:
    """Return the body of a problem."""
    code, title = TITLES.get(problem.status_code, ("error", gettext_lazy("Something went wrong")))
    parts = getattr(problem, "parts", ())
    if isinstance(problem, exceptions.ValidationError):
        parts = tuple(_validation_parts(problem.detail, ""))
        detail = " ".join(_named_detail(part) for part in parts[:3])
    else:
        detail = str(problem.detail)
    body: dict[str, Any] = {
        "type": f"urn:throughline:problem:{code}",
        "title": str(title),
        "status": problem.status_code,
        "detail": detail,
        "code": code,
    }
    if isinstance(problem, CustomerProblem):
        body["customers"] = problem.customers
    if parts:
        body["errors"] = [part.as_json() for part in parts]
    return body


def _named_detail(part: ProblemPart) -> str:
    """Return a sentence behind the name of its field: many tools show nothing else of a problem."""
    if not part.pointer:
        return part.detail
    return f"{part.pointer[1:]}: {part.detail}"


def _as_api_exception(error: Exception) -> Any:
    if isinstance(error, exceptions.ValidationError):
        error.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return error
    if isinstance(error, exceptions.Throttled):
        words = _("Too many requests in this minute. Go on in %(seconds)s s.") % {"seconds": int(error.wait or 1)}
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, words, wait=int(error.wait or 1))
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(_("It does not exist, or the token’s member may not see it."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The body is too large."))
    if isinstance(error, SuspiciousOperation):
        return Problem(HTTPStatus.BAD_REQUEST, _("The request can’t be read."))
    if isinstance(error, Stale):
        text = error.text or _("Someone else changed this in the meantime.")
        return Problem(HTTPStatus.CONFLICT, text)
    if isinstance(error, CustomerExists):
        return CustomerProblem(error)
    if isinstance(error, Refused):
        return Problem(HTTPStatus.CONFLICT, str(error))
    if isinstance(error, ValidationError):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(error.messages))
    return None


def _media_type_problem(parsers: Iterable[Any]) -> Problem:
    """Return the problem of a body of another type than the address takes: a form with a file, else JSON."""
    words = _("Send JSON, and say so: Content-Type: application/json.")
    if any(isinstance(parser, MultiPartParser) for parser in parsers):
        words = _("Send a form with the file: Content-Type: multipart/form-data. Files can’t be sent in bulk.")
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, words)


def _validation_parts(detail: Any, pointer: str) -> Iterator[ProblemPart]:
    """Flatten the errors of a serializer into one part for each sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            below = pointer
            if name != "non_field_errors":
                below = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from _validation_parts(inner, below)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            if isinstance(inner, dict | list):
                yield from _validation_parts(inner, f"{pointer}/{place}")
            else:
                yield ProblemPart(str(inner), pointer=pointer)
    else:
        yield ProblemPart(str(detail), pointer=pointer)
