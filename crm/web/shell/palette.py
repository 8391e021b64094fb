"""The command palette (⌘K): actions and pages from anywhere. Made of `Action` and `Source` entries.

An action names a permission; one a member may not is not offered, and its address refuses it as well.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.kernel.word_prefixes import is_named, matches
from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.requests.http import TenantRequest
from crm.web.requests.tenant_urls import missing_address
from crm.web.settings.search import find_settings as setting_matches
from crm.web.shell import navigation

# What begins with this sign asks for actions alone.
ONLY_ACTIONS = ">"
MOST_SETTINGS = 6


@dataclass(frozen=True, kw_only=True)
class PaletteAction(Feature):
    """A command at the tenant's URL `name`; with `post`, e.g. ("theme", "dark"), sent to a user's URL."""

    unique: ClassVar[tuple[str, ...]] = ("act",)
    order_list = "palette_actions"

    name: str
    permission: str
    icon: str
    label: str | Promise
    # More words it is found by.
    words: str | Promise = ""
    # The act of the shortcut that does the same (crm.web.shell.shortcuts).
    act: str = ""
    # Shown in the frame's dialog.
    dialog: bool = False
    post: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"Action {str(self.label)!r}"

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        yield from missing_address(self.name, *([] if self.post else ["a-tenant"]))
        yield from missing_icon(self.icon)


@dataclass(frozen=True)
class PaletteItem:
    """One line of the palette. `face`: a name whose avatar replaces the icon; `bar`: safe HTML."""

    label: str
    url: str
    icon: str = ""
    note: str = ""
    face: str = ""
    bar: SafeString | None = None
    age: str = ""
    age_css: str = ""
    act: str = ""
    dialog: bool = False
    post: tuple[str, str] | None = None
    # Done by the page itself, as by the key of `act`.
    press: bool = False
    # More words it is found by.
    words: str = ""


@dataclass(frozen=True)
class PaletteGroup:
    """Lines under one heading. `is_named`: the text matches whole words of the first line, so the group comes first."""

    name: str
    items: list[PaletteItem]
    is_named: bool = False


@dataclass(frozen=True, kw_only=True)
class PaletteSource(Feature):
    """A source of palette lines, called with the typed text, possibly empty, for members with the permission."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "palette"

    name: str
    permission: str
    find: Callable[[TenantRequest, str], Iterable[PaletteGroup]]
    # Whether its lines are things to do, not things found.
    is_of_actions: bool = False
    # Lists what it finds on the page of the search, too.
    on_page: Callable[[TenantRequest, str], Iterable[PaletteGroup]] | None = None

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)


def palette_groups(request: TenantRequest, text: str) -> list[PaletteGroup]:
    """Return the matches, in the order of the sources. Without text: all commands."""
    wanted = text.removeprefix(ONLY_ACTIONS).strip()
    only_actions = text.startswith(ONLY_ACTIONS)
    sources = [one for one in features.of(PaletteSource) if one.is_of_actions or not only_actions]
    groups = [
        group
        for source in sources
        if allows(request.member, source.permission)
        for group in source.find(request, wanted)
    ]
    return sorted((group for group in groups if group.items), key=lambda group: not group.is_named)


def more_on_page(request: TenantRequest, text: str) -> list[PaletteGroup]:
    """Return results of other sources, shown on the search page below its own."""
    return [
        group
        for source in features.of(PaletteSource)
        if source.on_page and allows(request.member, source.permission)
        for group in source.on_page(request, text)
        if group.items
    ]


def find_actions(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Return the matching actions and pages: the platform's own source."""
    for name, offered in ((_("Actions"), _action_items(request)), (_("Go to"), _page_items(request))):
        named = [item for item, words in offered if is_named(text, item.label, words)]
        others = [item for item, words in offered if matches(text, item.label, words) and item not in named]
        yield PaletteGroup(name, [*named, *others], is_named=bool(named))


def find_settings(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Find pages and fields of the settings by any of their words; nothing without text."""
    matches = setting_matches(request.member, request.tenant.slug, text)[:MOST_SETTINGS]
    items = [
        PaletteItem(match.field or match.label, match.url, match.icon, match.label if match.field else match.group)
        for match in matches
    ]
    yield PaletteGroup(_("Settings"), items, is_named=any(match.is_named for match in matches))


def action_of(member: Member, slug: str, act: str) -> PaletteItem | None:
    """Return the palette action of a keyboard shortcut; None if the member may not."""
    actions = (one for one in features.of(PaletteAction) if one.act == act and allows(member, one.permission))
    return next((PaletteItem(str(one.label), reverse(one.name, args=[slug]), one.icon) for one in actions), None)


def _action_items(request: TenantRequest) -> list[tuple[PaletteItem, str]]:
    slug = request.tenant.slug
    return [
        (
            PaletteItem(
                str(one.label),
                reverse(one.name) if one.post else reverse(one.name, args=[slug]),
                one.icon,
                act=one.act,
                dialog=one.dialog,
                post=one.post,
            ),
            str(one.words),
        )
        for one in features.of(PaletteAction)
        if allows(request.member, one.permission)
    ]


def _page_items(request: TenantRequest) -> list[tuple[PaletteItem, str]]:
    """Return the navigation entries, each followed by its tabs, and the frame links, with search synonyms."""
    member = request.member
    slug = request.tenant.slug
    words = {navigation.dashed_name(page.name): str(page.words) for page in navigation.pages_of(member)}
    pages = []
    for entry in navigation.navigation_entries(member, slug):
        pages.append((PaletteItem(entry.label, entry.url, entry.icon), ""))
        pages += [
            (PaletteItem(tab.label, tab.url, tab.icon, entry.label), f"{entry.label} {words[tab.name]}")
            for tab in entry.tabs
            if tab.label != entry.label
        ]
    links = navigation.frame_links(member, slug)
    return [*pages, *((PaletteItem(link.label, link.url, link.icon), "") for link in links)]
