"""OperationSchema: an operation of the OpenAPI document, with the parameters and problems that all of them share."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import ListSerializer

from api.requests.paging import MOST_ROWS, ROWS
from api.requests.problems import MEDIA_TYPE, TITLES
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import ANY

READ_PROBLEMS = (400, 401, 403, 404, 406, 429)
WRITE_PROBLEMS = (*READ_PROBLEMS, 409, 412, 413, 415, 422)
TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": {"type": "string", "enum": sorted(code for code, _title in TITLES.values())},
        "customers": {
            "type": "array",
            "description": "Those who have the email or phone of a new customer.",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string", "format": "uuid"}, "name": TEXT},
                "required": ["id", "name"],
            },
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": TEXT, "parameter": TEXT, "detail": TEXT},
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
IDEMPOTENT = "Takes the header `Idempotency-Key`: the answer is kept for 24 hours and given again."
CONDITIONAL = "Takes `If-Match` with the `ETag` of the record."


def _condition_words(filterset: type[FilterSet]) -> str:
    """Return the fields of conditions with their tests: "value min, max; created within, since"."""
    fields = [f"{name} {', '.join(one.tests)}" for name, one in filterset.known().items() if not one.alone]
    return f"Fields and tests: {'; '.join(fields)}."


class BearerScheme(OpenApiAuthenticationExtension):
    """Describes the token."""

    target_class = "api.requests.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class OperationSchema(AutoSchema):
    """Describes an operation of a Resource."""

    def get_operation(self, *args: Any, **options: Any) -> Any:
        operation = super().get_operation(*args, **options)
        if operation is None:
            return None
        statuses: tuple[int, ...] = READ_PROBLEMS
        if self.method not in ("GET", "HEAD"):
            statuses = WRITE_PROBLEMS
            operation["description"] = "\n\n".join([operation.get("description", ""), self._header_words()])
        problem = self._problem_component()
        for status in statuses:
            operation["responses"][str(status)] = {
                "description": str(TITLES[status][1]),
                "content": {MEDIA_TYPE: {"schema": problem.ref}},
            }
        if self._is_record():
            operation["responses"]["304"] = {"description": "The record is as the client has it."}
        return operation

    def _header_words(self) -> str:
        if "{id}" in self.path:
            return f"{IDEMPOTENT} {CONDITIONAL}"
        return IDEMPOTENT

    def _problem_component(self) -> ResolvedComponent:
        component = ResolvedComponent(name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem")
        self.registry.register_on_missing(component)
        return component

    def _map_serializer_field(self, field: Any, *args: Any, **options: Any) -> Any:
        """Return the schema of a field, with the length of a list of objects, which drf-spectacular leaves out."""
        schema = super()._map_serializer_field(field, *args, **options)
        if isinstance(field, ListSerializer) and schema.get("type") == "array":
            bounds = {"minItems": field.min_length, "maxItems": field.max_length}
            schema |= {name: bound for name, bound in bounds.items() if bound is not None}
        return schema

    def get_tags(self) -> list[str]:
        return [self.view.scope or self.view.basename]

    def get_operation_id(self) -> str:
        return f"{self.view.scope or self.view.basename}_{self.view.action}"

    def get_override_parameters(self) -> list[Any]:
        """Return the fields that can be asked for; of a list, its filters too."""
        if self.method != "GET" or self._is_file() or getattr(self.view, "describes_parameters", False):
            return []
        names = "|".join(self.view.get_serializer_class()().fields)
        pattern = {"type": "string", "pattern": f"^({names})(,({names}))*$"}
        parameters = [OpenApiParameter("fields", pattern, description="Fields of a record, by comma.")]
        if self._is_list_view():
            parameters += self._list_parameters()
        return parameters

    def _list_parameters(self) -> list[OpenApiParameter]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS}
        parameters = [
            OpenApiParameter("limit", limit, description="How many records a page has."),
            OpenApiParameter("cursor", TEXT, description="Where the page begins: of `next` or `previous`."),
        ]
        for name, own in self.view.own_filters.items():
            parameters.append(OpenApiParameter(name, own.schema, description=own.words))
        if self.view.listing:
            filterset = self.view.listing.filterset
            parameters += [
                OpenApiParameter(name, TEXT, description=str(filterset.known()[name].label))
                for name in filterset.parameters()
            ]
            for name in ("where", *ANY[:1]):
                condition = {"type": "array", "items": TEXT}
                words = f"A condition of the list: `field:test:value`. {_condition_words(filterset)}"
                parameters.append(OpenApiParameter(name, condition, description=words))
        return parameters

    def get_filter_backends(self) -> list[Any]:
        return []

    def _get_paginator(self) -> Any:
        """Return the paginator for the shape of a page; its parameters are described above."""
        paginator = super()._get_paginator()
        if paginator:
            paginator.get_schema_operation_parameters = lambda view: []
        return paginator

    def _is_file(self) -> bool:
        """Whether the answer is not JSON, so that it has no fields, and no version to compare."""
        return any(renderer.media_type == "*/*" for renderer in self.view.renderer_classes)

    def _is_record(self) -> bool:
        is_list = self.view.action == "list" or self._is_list_view()
        return self.method == "GET" and not is_list and not self._is_file()
