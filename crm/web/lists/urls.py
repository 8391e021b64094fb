"""URLs of the pages that all lists share, for an app to include among its own."""

from functools import partial
from typing import Any

from django.urls import URLPattern, path

from crm.web.lists.definition import List
from crm.web.lists.views import builder, columns, counts, saved
from crm.web.requests.permissions import require


def list_urls(preset: List) -> list[URLPattern]:
    """Return the URLs of a list's builder, columns, counts and saved views; each needs the list's permission."""

    def view(function: Any) -> Any:
        return require(preset.permission)(partial(function, preset=preset))

    return [
        path("filter/", view(builder.choose), name="filter"),
        path("columns/", view(columns.columns), name="columns"),
        path("counts/", view(counts.counts), name="counts"),
        path("views/", view(saved.saved_views), name="views"),
        path("views/save/", view(saved.save_view), name="save_view"),
        path("views/<uuid:uid>/", view(saved.edit_view), name="edit_view"),
        path("views/<uuid:uid>/update/", view(saved.update_view), name="update_view"),
        path("views/<uuid:uid>/archive/", view(saved.archive_view), name="archive_view"),
        path("views/<uuid:uid>/move/", view(saved.move_view), name="move_view"),
    ]
