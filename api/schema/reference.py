"""The reference of the API inside an organization: every call with its body and answer, of the OpenAPI document."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.requests.problems import TITLES
from api.schema.document import openapi_document
from api.scopes import RESOURCES
from api.tokens.features import MANAGE
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# What a value of a schema looks like in an example.
SAMPLES = {"string": "text", "integer": 1, "number": 1.5, "boolean": True}
FORMATS = {"uuid": "01982b5e-…", "date": "2026-05-12", "date-time": "2026-05-12T14:20:11Z"}
# Schemas are nested less deeply than this.
DEEPEST = 6


@dataclass(frozen=True)
class ReferenceCall:
    """A call as the list names it."""

    key: str
    method: str
    path: str
    operation: dict[str, Any]

    @property
    def summary(self) -> str:
        return str(self.operation["description"]).partition(".")[0]


@dataclass(frozen=True)
class ReferenceField:
    """A field of a body or an answer, or a parameter."""

    name: str
    kind: str
    is_needed: bool
    words: str


@require(MANAGE)
@require_safe
def reference(request: TenantRequest) -> HttpResponse:
    """Show one call, beside the list of all."""
    calls = _read_calls()
    key = request.GET.get("call", "people_create")
    call = next((one for one in calls if one.key == key), None)
    if call is None:
        raise Http404
    body = _body_schema(call.operation)
    context = {
        "groups": [
            (label, [one for one in calls if one.operation["tags"] == [name]]) for name, label in RESOURCES.items()
        ],
        "call": call,
        "paragraphs": call.operation["description"].replace("`", "").split("\n\n"),
        "parameters": [_parameter_row(one) for one in call.operation.get("parameters", [])],
        "body": _field_rows(body),
        "answer": _field_rows(_answer_schema(call.operation)),
        "problems": [(status, code, title) for status, (code, title) in sorted(TITLES.items())],
        "examples": _build_examples(call, body),
        "rate": settings.API_RATE,
    }
    return render(request, "api/reference.html", context)


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
    return _resolve(content.get("application/json", {}).get("schema", {}))


def _answer_schema(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a record of the answer."""
    done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    if "content" not in done:
        return {}
    schema = _resolve(done["content"]["application/json"]["schema"])
    if "results" in schema.get("properties", {}):
        return _resolve(schema["properties"]["results"]["items"])
    return schema


def _field_rows(schema: dict[str, Any], prefix: str = "") -> list[ReferenceField]:
    """Describe the fields of an object, and below each list those of its items: "lines[].item"."""
    needed = schema.get("required", [])
    rows = []
    for name, value in schema.get("properties", {}).items():
        words = value.get("description", "") or ", ".join(map(str, _resolve(value).get("enum", [])))
        rows.append(ReferenceField(prefix + name, _kind_words(value), name in needed, words))
        if value.get("type") == "array":
            rows += _field_rows(_resolve(value["items"]), f"{prefix}{name}[].")
    return rows


def _parameter_row(parameter: dict[str, Any]) -> ReferenceField:
    words = parameter.get("description", "")
    kind = _kind_words(parameter["schema"])
    return ReferenceField(parameter["name"], kind, parameter.get("required", False), words)


def _kind_words(schema: dict[str, Any]) -> str:
    kinds = schema.get("type", "object")
    if isinstance(kinds, list):
        return " | ".join(kinds)
    if kinds == "array":
        return _("list")
    return str(schema.get("format", kinds))


def _sample_of(schema: dict[str, Any], depth: int = 0) -> Any:
    """Return an example of what a schema takes."""
    schema = _resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "array":
        return [_sample_of(schema["items"], depth + 1)] if depth < DEEPEST else []
    if kind == "object":
        return {name: _sample_of(value, depth + 1) for name, value in schema.get("properties", {}).items()}
    return FORMATS.get(schema.get("format", ""), SAMPLES.get(kind))


def _build_examples(call: ReferenceCall, body: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (key, language, text) of an example of the call in each language."""
    url = settings.SITE_URL + call.path.replace("{id}", "$ID")
    sample = ""
    if body.get("properties"):
        sample = json.dumps(_sample_of(body), indent=2, ensure_ascii=False)
    return [
        ("curl", "curl", _curl_example(call, url, sample)),
        ("python", "Python", _python_example(call, url, sample)),
    ]


def _curl_example(call: ReferenceCall, url: str, sample: str) -> str:
    lines = [f'curl -X {call.method} "{url}"', '-H "Authorization: Bearer $TOKEN"']
    if call.method != "GET":
        lines.append('-H "Idempotency-Key: form-8821-1"')
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{sample or '{}'}'")
    return " \\\n  ".join(lines)


def _python_example(call: ReferenceCall, url: str, sample: str) -> str:
    values = "{}"
    if sample:
        values = sample.replace("true", "True").replace("null", "None")
    headers = '{"Authorization": f"Bearer {TOKEN}"}'
    if call.method == "GET":
        return f'import httpx\n\nhttpx.get("{url}", headers={headers}).json()'
    arguments = [f'"{url}"', f"headers={headers}", f"json={values}"]
    lines = [f"    {argument}," for argument in arguments]
    return "\n".join(["import httpx", "", f"httpx.{call.method.lower()}(", *lines, ").json()"])
