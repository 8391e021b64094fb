"""The OpenAPI 3.1 document at /api/v1/openapi.json. It needs no token and no database."""

from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from api.routes import router

DESCRIPTION = """\
JSON over HTTPS. A token (`Authorization: Bearer tl_…`) acts as one member of an organization, with the role that the
member has at that moment; records that the member may not see do not exist.

Amounts are integers in the minor units of the `currency` beside them. Times are UTC, in ISO 8601.
"""


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Return the document."""
    return JsonResponse(openapi_document())


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of all resources."""
    with override("en"):
        document = SchemaGenerator(patterns=list(_patterns())).get_schema(request=None, public=True)
    document["info"]["description"] = DESCRIPTION
    return document


def _patterns() -> Any:
    from django.urls import include, path

    root = reverse("api:openapi").removesuffix("openapi.json").lstrip("/")
    return [path(root, include(router.urls))]


def close_request_schemas(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of each body that it has no other fields. A hook of drf-spectacular."""
    bodies = [
        content["schema"]
        for path in result["paths"].values()
        for operation in path.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    ]
    schemas = result["components"]["schemas"]
    pending = [schema["$ref"].rpartition("/")[2] for schema in bodies if "$ref" in schema]
    seen = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        schema = schemas[name]
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
        pending += _refs_in(schema)
    # Of a record only those fields are there that were asked for, and that the member may see.
    for name in schemas.keys() - seen - {"Problem"}:
        if "results" not in schemas[name].get("properties", {}):
            schemas[name].pop("required", None)
    return result


def _refs_in(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
        return own + [ref for value in schema.values() for ref in _refs_in(value)]
    if isinstance(schema, list):
        return [ref for value in schema for ref in _refs_in(value)]
    return []
