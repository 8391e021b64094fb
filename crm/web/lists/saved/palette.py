"""Saved views of all lists in the command palette."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.web.lists.definition import List
from crm.web.lists.saved.standing import views_of
from crm.web.lists.saved.tabs import view_url
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import PaletteGroup, PaletteItem, matches

MOST = 8


@dataclass(frozen=True)
class PaletteList(Feature):
    """A list whose saved views the palette finds."""

    unique: ClassVar[tuple[str, ...]] = ("preset",)

    preset: List

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.preset.permission)


def find_saved_views(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Find the saved views this member may see by view or list name; without text, the member's own."""
    items = []
    for preset in (entry.preset for entry in features.of(PaletteList)):
        if not allows(request.member, preset.permission):
            continue
        name = str(preset.words.name)
        for view in views_of(preset.key, request.member):
            if text:
                is_wanted = matches(text, view.name, name)
            else:
                is_wanted = view.owner_id == request.member.pk
            if is_wanted:
                url = view_url(preset, view, request.tenant.slug)
                items.append(PaletteItem(view.name, url, "list-filter", note=name))
    yield PaletteGroup(_("Saved views"), items[:MOST])
