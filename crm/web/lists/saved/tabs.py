"""The tabs of a list: built-in views, then saved ones; and which of them is current."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, Text
from crm.web.lists.saved.standing import is_standard_for, may_change, views_of
from crm.web.models import SavedView

# Saved views among the tabs, each with its count; the others stand on the page of views.
MOST_TABS = 10


class Tab(NamedTuple):
    """One tab, for its template."""

    key: str
    name: Text
    css: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Tabs:
    """The tabs of one page, and the saved view it was opened from."""

    shown: list[Tab]
    opened: SavedView | None
    # The page shows something else than the view it was opened from.
    is_changed: bool
    may_update: bool
    # There are saved views: a way to their page makes sense.
    has_saved: bool

    @classmethod
    def of(cls, preset: List, filters: Filters, member: Member, layout: str = "list") -> "Tabs":
        """Return the tabs of a page with these filters. Standard views of the role come first."""
        saved = views_of(preset.key, member)
        opened = next((view for view in saved if str(view.uid) == filters.view), None)
        near = _near(saved, opened)
        place = filters.position
        saved_tabs = {view: _saved_tab(preset, view, opened, layout, place) for view in near}
        standard = [tab for view, tab in saved_tabs.items() if is_standard_for(view, member)]
        others = [tab for view, tab in saved_tabs.items() if not is_standard_for(view, member)]
        common = [
            Tab(
                view.key,
                view.name,
                view.css,
                view.filters.query(position=place),
                opened is None and view.filters == filters,
            )
            for view in preset.views(member)
        ]
        changed = opened is not None and (
            opened.layout not in ("", layout) or _differs(preset, opened, filters, member)
        )
        may_update = changed and opened is not None and may_change(opened, member)
        return cls([*standard, *common, *others], opened, changed, may_update, bool(saved))


def counted_tabs(preset: List, member: Member) -> dict[str, Any]:
    """Return the querysets of the tabs' counts. Views with a search text are not counted: each would cost a search."""
    found = {f"tab-{view.key}": view.counts or view.filters for view in preset.views(member)}
    for view in _near(views_of(preset.key, member), None):
        filters = preset.read_text(view.query, member)
        if not filters.q:
            found[f"tab-{view.uid}"] = filters
    return {key: preset.apply(filters, member) for key, filters in found.items()}


def view_query(view: SavedView) -> str:
    """Return the complete query string of a saved view, so that the URL contains the whole state."""
    parts = [view.query, f"columns={view.columns}" if view.columns else "", f"view={view.uid}"]
    return "?" + "&".join(filter(None, parts))


def view_url(preset: List, view: SavedView, slug: str) -> str:
    """Return the URL of a saved view, in the layout it was saved in."""
    return preset.url(preset.layout_key(view.layout), slug) + view_query(view)


def _near(saved: list[SavedView], opened: SavedView | None) -> list[SavedView]:
    near = saved[:MOST_TABS]
    if opened is None or opened in near:
        return near
    return [*near, opened]


def _saved_tab(
    preset: List, view: SavedView, opened: SavedView | None, layout: str, position: Mapping[str, str]
) -> Tab:
    """Return the tab of a saved view; in the layout that is shown, it opens at the same position."""
    url = view_query(view)
    if view.layout not in ("", layout):
        url = view_url(preset, view, directory().tenant.slug)
    elif position:
        url += f"&{urlencode(position)}"
    return Tab(str(view.uid), view.name, "", url, opened is not None and view.pk == opened.pk)


def _differs(preset: List, view: SavedView, filters: Filters, member: Member) -> bool:
    stored = preset.read_text(view.query, member)
    if (stored, stored.sort) != (filters, filters.sort):
        return True
    columns = preset.columns.shown(preset.key, view.columns, member)
    return columns != preset.columns_of(filters, member)
