"""Resource: base of the viewsets. Rows by `visible_to`, filters of the product's lists, versions, and verbs."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.requests.api_view import TokenView
from api.requests.preconditions import check_conditions, etag_of
from api.requests.problems import bad_parameter
from api.resources.own_filters import OwnFilter
from api.resources.record_serializer import RecordSerializer
from crm.platform import undo
from crm.platform.models import AccessLog, Member
from crm.web.lists.conditions.query import ANY
from crm.web.lists.definition import List

# Parameters of every list, besides the filters.
PAGE_PARAMETERS = frozenset({"cursor", "limit", "fields"})


class Resource(TokenView, GenericViewSet):
    """A resource of the API. A record is found among the rows that the token's member may see; else it is a 404."""

    lookup_field = "uid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    # The unique column that pages are sorted by: what was created last comes first.
    cursor_field = "uid"
    serializer_class: type[RecordSerializer]
    # How a single record is shown, where a list shows less.
    detail_serializer_class: type[RecordSerializer] | None = None
    # The list of the product whose filters it takes.
    listing: ClassVar[List | None] = None
    # Parameters of its list besides those, by name.
    own_filters: ClassVar[Mapping[str, OwnFilter]] = {}
    # Whether the access log notes who reads a list of them, or one of them, as it does for the pages.
    logs_list: ClassVar[bool] = False
    logs_record: ClassVar[bool] = False

    # What a resource answers

    def visible_rows(self, member: Member) -> Any:
        """Return the rows that a member may see."""
        raise NotImplementedError

    def load_related(self, rows: Any) -> Any:
        """Return the rows with all that showing them reads."""
        return rows

    def search_rows(self, rows: Any, filters: Any, member: Member) -> Any:
        """Filter by what the list does not express as a condition, such as a text."""
        assert self.listing is not None
        return self.listing.narrow(rows, filters, member) if filters.q else rows

    # Reading

    def get_queryset(self) -> Any:
        return self.load_related(self.visible_rows(self.request.user))

    def get_serializer_class(self) -> type[RecordSerializer]:
        if self.detail_serializer_class and self.action != "list":
            return self.detail_serializer_class
        return self.serializer_class

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """List records."""
        fields = self.asked_fields(request)
        rows = self.paginate_queryset(self.filter_rows(self.get_queryset(), request))
        if self.logs_list:
            AccessLog.objects.note_reads(rows, by=request.user)
        return self.get_paginated_response(self.get_serializer(rows, many=True, shown_fields=fields).data)

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        """Read a record."""
        row = self.get_object()
        if self.logs_record:
            AccessLog.objects.note_read(row, by=request.user)
        data = self.get_serializer(row).data
        etag = etag_of(data)
        answer = check_conditions(request, etag)
        if answer is not None:
            return answer
        fields = self.asked_fields(request)
        values = {name: value for name, value in data.items() if not fields or name in fields}
        return Response(values, headers={"ETag": etag})

    def filter_rows(self, rows: Any, request: Any) -> Any:
        """Apply the filters of the address. Raises Problem for an unknown one, as leaving it out would show more."""
        parameters: set[str] = set()
        if self.listing is not None:
            parameters = {*self.listing.filterset.parameters(), "where", *ANY}
        for name in request.query_params:
            if name not in parameters | PAGE_PARAMETERS | self.own_filters.keys():
                raise bad_parameter(name, _("There is no parameter of this name."))
        for name in self.own_filters.keys() & request.query_params.keys():
            rows = rows.filter(self.own_filters[name].condition(request.query_params[name], request.user))
        if self.listing is None:
            return rows
        filters = self.listing.read(request.query_params, request.user)
        if filters.dropped:
            raise NotFound(_("This filter names nothing here: %(dropped)s") % {"dropped": ", ".join(filters.dropped)})
        return self.search_rows(rows.filter(*filters.conditions(request.user)), filters, request.user)

    def asked_fields(self, request: Any) -> tuple[str, ...]:
        """Return the names of `?fields=`, the id always among them; none if all are asked for."""
        text = request.query_params.get("fields")
        if text is None:
            return ()
        names = text.split(",")
        unknown = set(names) - set(self.get_serializer_class()().fields)
        if unknown:
            words = _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))}
            raise bad_parameter("fields", words)
        return ("id", *names)

    # Writing

    def read_body(self, request: Any, serializer_class: Any) -> dict[str, Any]:
        """Return the values of the body. Raises ValidationError."""
        serializer = serializer_class(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def lock_record(self, request: Any) -> Any:
        """Lock the record of the address, as it was when the client read it. Raises Http404, or Problem (412)."""
        named = {self.lookup_field: self.kwargs[self.lookup_url_kwarg]}
        row = get_object_or_404(self.visible_rows(request.user), **named)
        row.lock()
        if "If-Match" in request.headers or "If-None-Match" in request.headers:
            check_conditions(request, etag_of(self.get_serializer(self._read_again(row)).data))
        return row

    def act(self, request: Any, verb: Callable[[Any], object], *, kind: str = "", status: int = 200) -> Response:
        """Call a verb on the locked record, and return the record. `kind`: of the event, so that pages can undo it."""
        row = self.lock_record(request)
        recording: Any = nullcontext()
        if kind:
            recording = undo.record_undoable(kind, [row], by=request.user, locked=True)
        with recording:
            verb(row)
        return self.record_response(row, status=status)

    def record_response(self, row: Any, *, status: int = 200) -> Response:
        """Return a record as it is after a write."""
        data = self.get_serializer(self._read_again(row)).data
        return Response(data, status=status, headers={"ETag": etag_of(data)})

    def _read_again(self, row: Any) -> Any:
        """Return the row with all that showing it reads. It may be hidden from the member by now."""
        return self.load_related(type(row).objects.all()).get(pk=row.pk)
