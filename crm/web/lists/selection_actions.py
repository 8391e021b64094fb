"""SelectionAction: a button that an app adds to the selection bar of lists, also of lists in lower apps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.lists.definition import List
from crm.web.lists.saved.palette import PaletteList
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class SelectionAction(Feature):
    """A button for the selected rows of some lists. Its page receives the selection (`posted_list`, `selected_ids`)."""

    unique: ClassVar[tuple[str, ...]] = ("page",)

    # The keys of the lists (`List.key`), and the name of the page's URL.
    lists: tuple[str, ...]
    page: str
    permission: str
    # What a shortcut presses it by (static/js/rowbar.js).
    act: str
    icon: str
    label: str | Promise

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_icon(self.icon)
        yield from missing_address(self.page, "a-tenant")


class SelectionButton(NamedTuple):
    """A button of a selection bar."""

    url: str
    act: str
    icon: str
    label: str | Promise


@features.cached_index
def _lists_by_key() -> dict[str, List]:
    return {entry.preset.key: entry.preset for entry in features.of(PaletteList)}


def selection_actions(preset: List, member: Member) -> list[SelectionAction]:
    """Return the actions that apps add to a list's selection bar, limited to those the member may use."""
    return [
        action
        for action in features.of(SelectionAction)
        if preset.key in action.lists and allows(member, action.permission)
    ]


def selection_buttons(preset: List, member: Member, slug: str) -> list[SelectionButton]:
    """Return the same actions as buttons."""
    return [
        SelectionButton(reverse(action.page, args=[slug]), action.act, action.icon, action.label)
        for action in selection_actions(preset, member)
    ]


def posted_list(form: QueryDict, page: str) -> List:
    """Return the list from which a selection was sent to the page of an action; its first list by default.

    Raises Http404 for a list without the action.
    """
    lists = next(action.lists for action in features.of(SelectionAction) if action.page == page)
    key = form.get("list", lists[0])
    if key not in lists:
        raise Http404
    return _lists_by_key()[key]
