"""Template context around the rows of every list: tabs, chips, filter panel, choice of columns."""

from typing import Any

from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.web.lists.conditions.query import Chip, Filters
from crm.web.lists.definition import List
from crm.web.lists.saved.tabs import Tabs
from crm.web.lists.selection_actions import selection_buttons
from crm.web.requests.http import TenantRequest


def frame(request: TenantRequest, preset: List, filters: Filters, *, layout: str = "list") -> dict[str, Any]:
    """Return the context of templates/lists/_tabs.html and _filters.html."""
    member = request.member
    chosen = preset.columns_of(filters, member)
    tabs = Tabs.of(preset, filters, member, layout)
    opened = ""
    if tabs.opened:
        opened = str(tabs.opened.uid)
    return {
        "preset": preset,
        "layout": layout,
        # The layout a saved view keeps, where the list has several.
        "kept_layout": layout if preset.layouts else "",
        "save_query": filters.query() + (f"&layout={layout}" if preset.layouts else ""),
        "filters": filters,
        "sorted_by": preset.sorted_by(filters),
        "orders": preset.orders(filters) if layout == "list" else [],
        "tabs": tabs,
        "update_view_url": preset.url("update_view", request.tenant.slug, opened) if tabs.may_update else "",
        "chips": [*_fixed_chips(preset, filters, member), *chips(preset, filters, member)],
        "column_choices": [(column, key in chosen) for key, column in preset.columns.by_key.items()],
        "notes": [*_left_out(filters), *preset.notes(filters, member)],
        "selection_buttons": selection_buttons(preset, member, request.tenant.slug),
        **urls(request, preset),
    }


def urls(request: TenantRequest, preset: List) -> dict[str, str]:
    """Return the URLs of a list's shared pages, by the names its templates use."""
    slug = request.tenant.slug
    return {
        f"{name}_url": preset.url(name, slug) for name in ("list", "filter", "columns", "counts", "views", "save_view")
    }


def chips(preset: List, filters: Filters, member: Member) -> list[Chip]:
    """Return the chips of the active filters, and of the rows excluded by default."""
    return [*filters.chips(member), *(chip for chip in preset.standing_chips(filters, member) if chip.without)]


def _fixed_chips(preset: List, filters: Filters, member: Member) -> list[Chip]:
    return [chip for chip in preset.standing_chips(filters, member) if not chip.without]


def _left_out(filters: Filters) -> list[str]:
    if not filters.dropped:
        return []
    words = _("Part of this link was not recognized and left out: %(dropped)s")
    return [words % {"dropped": ", ".join(filters.dropped)}]
