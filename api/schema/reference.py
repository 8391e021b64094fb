"""The reference of the API inside an organization: every call with its body, answer and examples, and to try it.

It is drawn of the OpenAPI document.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from api.requests.problems import TITLES
from api.schema.call_examples import body_sample, build_examples
from api.schema.call_trial import TrialAnswer, TypedCall, try_call
from api.schema.document import openapi_document
from api.scopes import READ, RESOURCES, WRITE
from api.tokens.features import MANAGE
from crm.kernel import clock, formats
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import ask_to_confirm, recently_confirmed

# The sections about all calls, by their ids on the page.
SECTIONS = (
    ("signing-in", gettext_lazy("Sign in with a token")),
    ("pages", gettext_lazy("Pages and filters")),
    ("versions", gettext_lazy("Versions")),
    ("dry-run", gettext_lazy("Dry runs")),
    ("same-key", gettext_lazy("Same key, same answer")),
    ("errors", gettext_lazy("Errors")),
    ("rate", gettext_lazy("Rate")),
)
# What a program does about a problem, by its status.
REMEDIES = {
    400: gettext_lazy("Correct the request; don’t send it again as it is."),
    401: gettext_lazy("Get a new token."),
    403: gettext_lazy("Ask for another scope, or for another role of the member."),
    404: gettext_lazy("Check the id and the address. Events: go on with “after=latest”."),
    405: gettext_lazy("Use the method that the reference names."),
    406: gettext_lazy("Accept JSON."),
    409: gettext_lazy("Show the sentence to a person, or read the record and decide."),
    412: gettext_lazy("Read the record, and send the change to what it is now."),
    413: gettext_lazy("Send less at once."),
    415: gettext_lazy("Send JSON, or a form where a file is asked for."),
    422: gettext_lazy("Correct the fields that “errors” names."),
    429: gettext_lazy("Wait as long as “Retry-After” says, then send it again with the same key."),
}
# Calls that ask who is signed in to confirm that it is them, as the page of the same act does.
CONFIRMED = frozenset({"people_erase"})


@dataclass(frozen=True)
class ReferenceCall:
    """A call as the list names it."""

    key: str
    method: str
    path: str
    operation: dict[str, Any]

    @property
    def _text(self) -> str:
        """Its description, without the marks of code."""
        return str(self.operation["description"]).replace("`", "")

    @property
    def summary(self) -> str:
        return self._text.partition(".")[0]

    @property
    def paragraphs(self) -> list[str]:
        """The description after its first sentence."""
        rest = self._text.removeprefix(f"{self.summary}.")
        return [text.strip() for text in rest.split("\n\n") if text.strip()]

    @property
    def scope(self) -> str:
        """The scope that a token needs for it; blank if it depends on the body."""
        tag = self.operation["tags"][0]
        if tag not in RESOURCES:
            return ""
        access = WRITE
        if self.method == "GET":
            access = READ
        return f"{tag}:{access}"

    @property
    def takes_json(self) -> bool:
        """Whether it can be tried: one that takes a file is sent by a program."""
        content = self.operation.get("requestBody", {}).get("content", {})
        return not content or "application/json" in content


@dataclass(frozen=True)
class ReferenceField:
    """A field of a body or an answer, or a parameter."""

    name: str
    kind: str
    is_needed: bool
    words: str


@require(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def reference(request: TenantRequest) -> HttpResponse:
    """Show one call, or what holds for all, beside the list of all; POST tries the call."""
    calls = _read_calls()
    key = request.GET.get("call", "")
    call = next((one for one in calls if one.key == key), None)
    if key and call is None:
        raise Http404
    query = request.GET.get("q", "").strip()
    country = Reader.of(request.member, clock.now()).country
    context: dict[str, Any] = {
        "groups": _group_calls(calls, query),
        "sections": SECTIONS,
        "q": query,
        "problems": [(status, code, title, REMEDIES[status]) for status, (code, title) in sorted(TITLES.items())],
        "rate": formats.quantity(1000 * settings.API_RATE, country),
        "rate_of_tenant": formats.quantity(1000 * settings.API_RATE_OF_TENANT, country),
    }
    if call is None:
        return render(request, "api/reference.html", context)
    typed = TypedCall(body=body_sample(call.key, _body_schema(call.operation), _resolve))
    context["examples"] = build_examples(call.method, call.path, typed.body)
    if request.method == "POST":
        typed = TypedCall(**{name: request.POST.get(name, "") for name in ("record_id", "query", "body")})
        is_dry_run = request.POST.get("run") != "real"
        if call.key in CONFIRMED and not is_dry_run and not recently_confirmed(request):
            return ask_to_confirm(request)
        context["answer"] = _try(request, call, typed, is_dry_run=is_dry_run)
    return render(request, "api/reference.html", context | _call_context(call, typed))


def _try(request: TenantRequest, call: ReferenceCall, typed: TypedCall, *, is_dry_run: bool) -> TrialAnswer:
    if not call.takes_json:
        raise Http404
    return try_call(request, call.method, call.path, typed, is_dry_run=is_dry_run)


def _group_calls(calls: list[ReferenceCall], query: str) -> list[tuple[Any, list[ReferenceCall]]]:
    """Return the calls that match a search, by resource: each word is in the method, address or first sentence."""
    words = query.casefold().split()
    matches = [
        one for one in calls if all(word in f"{one.method} {one.path} {one.summary}".casefold() for word in words)
    ]
    labels = {"me": _("Connection test"), "choices": _("Choices"), **RESOURCES, "bulk": _("Many writes at once")}
    groups = [(label, [one for one in matches if one.operation["tags"] == [name]]) for name, label in labels.items()]
    return [(label, rows) for label, rows in groups if rows]


def _call_context(call: ReferenceCall, typed: TypedCall) -> dict[str, Any]:
    return {
        "call": call,
        "paragraphs": call.paragraphs,
        "parameters": [_parameter_row(one) for one in call.operation.get("parameters", [])],
        "body": _field_rows(_body_schema(call.operation)),
        "fields": _field_rows(_answer_schema(call.operation)),
        "typed": typed,
        "asks_id": "{id}" in call.path,
    }


def _read_calls() -> list[ReferenceCall]:
    return [
        ReferenceCall(operation["operationId"], method.upper(), path, operation)
        for path, methods in openapi_document()["paths"].items()
        for method, operation in methods.items()
    ]


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a reference leads to."""
    if "$ref" in schema:
        named: dict[str, Any] = openapi_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return named
    return schema


def _body_schema(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json") or content.get("multipart/form-data", {})
    return _resolve(body.get("schema", {}))


def _answer_schema(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a record of the answer."""
    done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    schema = _resolve(done.get("content", {}).get("application/json", {}).get("schema", {}))
    if "results" in schema.get("properties", {}):
        return _resolve(schema["properties"]["results"]["items"])
    return schema


def _field_rows(schema: dict[str, Any], prefix: str = "") -> list[ReferenceField]:
    """Describe the fields of an object, and below each list those of its items: "lines[].item"."""
    needed = schema.get("required", [])
    rows = []
    for name, value in schema.get("properties", {}).items():
        words = value.get("description", "") or ", ".join(map(str, _resolve(value).get("enum", [])))
        rows.append(ReferenceField(prefix + name, _kind_words(value), name in needed, words.replace("`", "")))
        if value.get("type") == "array":
            rows += _field_rows(_resolve(value["items"]), f"{prefix}{name}[].")
    return rows


def _parameter_row(parameter: dict[str, Any]) -> ReferenceField:
    words = parameter.get("description", "").replace("`", "")
    kind = _kind_words(parameter["schema"])
    return ReferenceField(parameter["name"], kind, parameter.get("required", False), words)


def _kind_words(schema: dict[str, Any]) -> str:
    kinds = schema.get("type", "object")
    if isinstance(kinds, list):
        return " | ".join(kinds)
    if kinds == "array":
        return _("list")
    return str(schema.get("format", kinds))
