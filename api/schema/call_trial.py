"""Try a call of the reference: as the admin who is signed in, within the product, without a token.

A token can't be used for it: only its hash is stored. What the admin may do, the call may do; a dry run is rolled back.
"""

import json
from dataclasses import dataclass
from io import BytesIO
from time import perf_counter
from typing import Any
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri

from api.requests.dry_run import HEADER
from api.scopes import EVERYTHING
from api.tokens.lookup import TokenPlace
from crm.platform.tenancy.context import current_config_version
from crm.web.requests.http import TenantRequest

# What a request says of the server; taken over from that of the page.
SERVER = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "REMOTE_ADDR", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
# Of an answer so many characters are shown.
MOST_SHOWN = 50_000


@dataclass(frozen=True)
class TypedCall:
    """The values typed into the form of a call."""

    record_id: str = ""
    query: str = ""
    body: str = ""


@dataclass(frozen=True)
class TrialAnswer:
    """The answer to a call: its status, its text, and how long it took in milliseconds."""

    status: int
    text: str
    milliseconds: int
    rate_left: str
    is_dry_run: bool

    @property
    def is_done(self) -> bool:
        return self.status < 400


def try_call(page: TenantRequest, method: str, path: str, typed: TypedCall, *, is_dry_run: bool) -> TrialAnswer:
    """Send a call as the member of the page, in a savepoint of its transaction, and return the answer."""
    path = path.replace("{id}", quote(typed.record_id.strip(), safe=""))
    request = _build_request(page, method, path, typed)
    request.session_place = TokenPlace(  # type: ignore[attr-defined]
        0, page.tenant.pk, current_config_version(), page.member.pk, [EVERYTHING]
    )
    if is_dry_run:
        request.META[f"HTTP_{HEADER.upper().replace('-', '_')}"] = "true"
    started = perf_counter()
    response = _answer(request, path)
    took = round((perf_counter() - started) * 1000)
    left = response.headers.get("RateLimit-Remaining", "")
    return TrialAnswer(response.status_code, _text_of(response), took, left, HEADER in response.headers)


def _build_request(page: TenantRequest, method: str, path: str, typed: TypedCall) -> WSGIRequest:
    body = typed.body.encode()
    environ: dict[str, Any] = {name: page.META[name] for name in SERVER if name in page.META}
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": iri_to_uri(typed.query.strip().lstrip("?")),
        "wsgi.input": BytesIO(body),
    }
    if method != "GET":
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
    return WSGIRequest(environ)


def _answer(request: WSGIRequest, path: str) -> HttpResponseBase:
    try:
        match = resolve(path)
    except Resolver404:
        match = resolve("/api/v1/nothing/")
    response: Any = match.func(request, *match.args, **match.kwargs)
    if hasattr(response, "render"):
        response.render()
    answer: HttpResponseBase = response
    return answer


def _text_of(response: Any) -> str:
    """Return the JSON of an answer, indented; blank for a file, or for no body."""
    if response.streaming or "json" not in response.headers.get("Content-Type", "") or not response.content:
        return ""
    return json.dumps(json.loads(response.content), indent=2, ensure_ascii=False)[:MOST_SHOWN]
