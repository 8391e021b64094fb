"""Template context of what the four layouts share: tiles, tabs of the layouts, search and filters."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock, formats
from crm.platform.access.permissions import allows
from crm.web.lists.conditions.query import Filters
from crm.web.lists.page import frame
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.filters import ALL, SEE_ALL
from followups.follow_up_list import FOLLOW_UPS
from followups.tiles import Tiles, done_in_time, done_today, due_on

TILES = ("overdue", "today", "week")


class TileNote(NamedTuple):
    """A note on a tile, and the URL of the list of what it counts."""

    text: str
    url: str


class LayoutTab(NamedTuple):
    """A layout of the list: its key, name and icon, and its URL with the same filters."""

    key: str
    name: str
    icon: str
    url: str


def page_context(request: TenantRequest, filters: Filters, figures: Tiles, layout: str) -> dict[str, Any]:
    """Return the context of the page around the rows of a layout."""
    member = request.member
    start = ""
    if layout != "list":
        start = FOLLOW_UPS.url("list", request.tenant.slug)
    sees_others = not filters.asks("who") and allows(member, SEE_ALL)
    in_time = done_in_time(filters)
    # Tiles and other layouts open where they usually do.
    placeless = filters.changed(position={})
    tile_notes = _tile_notes(placeless, figures, start, Reader.of(member, clock.now()))
    return {
        **frame(request, FOLLOW_UPS, filters, layout=layout),
        "tiles": figures,
        "places": [
            (when, start + placeless.query(when=when, status=""), filters.get("when") == when, tile_notes.get(when))
            for when in TILES
        ],
        "in_time_url": start + in_time.query(position={}),
        "is_in_time": in_time == filters,
        "layout_tabs": layout_tabs(request, placeless),
        "first_url": filters.query(),
        "cleared_url": FOLLOW_UPS.filters(position=filters.position).query(),
        "here": request.get_full_path(),
        "layout_url": FOLLOW_UPS.url(layout, request.tenant.slug),
        "everybody_url": filters.query(who=ALL) if sees_others else "",
        # What the search keeps of the other filters.
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        "may_export": allows(member, "export"),
        "may_work": allows(member, "followups.work"),
    }


def _tile_notes(filters: Filters, figures: Tiles, start: str, reader: Reader) -> dict[str, TileNote]:
    """Return what the tiles of today and this week note: what was done, and the days that are full."""
    notes = {}
    if figures.done_today:
        text = _("%(done)s done") % {"done": figures.done_today}
        notes["today"] = TileNote(text, start + done_today(filters, reader.today).query())
    if figures.full_days:
        text = _full_days_words(figures.full_days, reader)
        notes["week"] = TileNote(text, start + due_on(figures.full_days, filters.get("who")).query())
    return notes


def _full_days_words(days: Sequence[date], reader: Reader) -> str:
    """Format full days: "Thu is full", "today, Thu are full"."""
    names = ", ".join(formats.day(day, reader.today, reader.country, reader.language) for day in days)
    return ngettext("%(days)s is full", "%(days)s are full", len(days)) % {"days": names}


def layout_tabs(request: TenantRequest, filters: Filters) -> list[LayoutTab]:
    """Return the tabs of the layouts with these filters, and that of the team for those who see everybody's."""
    named = [
        ("list", _("Table"), "table-2"),
        ("calendar", _("Calendar"), "calendar"),
        ("board", _("Board"), "square-kanban"),
        ("timeline", _("Timeline"), "chart-no-axes-gantt"),
    ]
    slug = request.tenant.slug
    tabs = [LayoutTab(key, name, icon, FOLLOW_UPS.url(key, slug) + filters.query()) for key, name, icon in named]
    if allows(request.member, SEE_ALL):
        # The team's hours are everybody's, whatever the filters keep.
        tabs.append(LayoutTab("team", _("Team"), "users", reverse("followups:team", args=[slug])))
    return tabs
