"""Pages of a list by cursor, newest first. A cursor is a row's id, so that it stays good without its row."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from api.requests.problems import bad_parameter
from crm.kernel.whole_numbers import read_number

ROWS = 50
MOST_ROWS = 100


class RecordPagination(CursorPagination):
    """DRF's cursor pagination over the unique id that the view's `cursor_field` names."""

    page_size = ROWS
    page_size_query_param = "limit"
    max_page_size = MOST_ROWS
    invalid_cursor_message = gettext_lazy("This is no cursor of the list. Take the address in “next” as it is.")

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return (f"-{view.cursor_field}",)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.position_field = queryset.model._meta.get_field(view.cursor_field)
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Any) -> int:
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        number = read_number(text)
        if not number or number > MOST_ROWS:
            raise bad_parameter("limit", _("From 1 to %(most)s.") % {"most": MOST_ROWS})
        return number

    def decode_cursor(self, request: Any) -> Any:
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None:
            try:
                self.position_field.to_python(cursor.position)
            except ValidationError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor
