"""Navigation: at most eight entries per role. Each is an area of the product, with its pages as tabs.

Sidebar, phone tab bar and palette are drawn from `entries`, so they agree. Made of every app's `Page` entries; a
`RoleNavigation` has the order of a role, and which areas are tabs of another there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.events.hints import missing_topics
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.design.icons import missing_icon
from crm.web.requests.tenant_urls import missing_address, path_below
from crm.web.settings.sections import Section

# The area whose sections may stand among an app's own addresses.
SETTINGS = "settings"
# Entries that a member has at most, pinned pages aside.
MOST = 8
# The first of them stand in the phone's bar, the others in its menu.
IN_BAR = 4
# Tabs of an area that stand in its row; the others are in a menu behind it.
TABS_IN_ROW = 7


class Number(NamedTuple):
    """The badge of a page in the navigation ("13", "99+", "" for none), its words, and what updates it."""

    ask: Callable[[Member], str]
    words: str | Promise
    # Hints of what others change, and the browser's event after a change of one's own (HX-Trigger).
    topics: str
    event: str


@dataclass(frozen=True, kw_only=True)
class FrameLink(Feature):
    """A link of the frame outside the navigation: notices, search. The palette shows it, too."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "frame"

    name: str
    permission: str
    icon: str
    label: str | Promise
    # Whether the addresses below it, e.g. a lead's own page, belong to it, as far as they are no other page's.
    section: bool = False
    # Asked for after the page.
    number: Number | None = None
    # For the one link that answers the search box (`?q=`): what the box says it searches.
    searches: str | Promise = ""

    def check(self) -> Iterator[str]:
        yield from permissions.missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)
        if self.number:
            yield from missing_topics(self.number.topics)
        if self.searches and sum(bool(link.searches) for link in features.of(FrameLink)) > 1:
            yield "another page answers the search box as well"


@dataclass(frozen=True, kw_only=True)
class NavigationPage(Feature):
    """A page of the navigation: an area with an entry or, with `tab_of`, a tab of another area."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "navigation"

    name: str
    permission: str
    icon: str
    label: str | Promise
    # As of a `FrameLink`.
    section: bool = False
    number: Number | None = None
    # The URL name of the area it is a tab of.
    tab_of: str = ""
    # What an area's own page is called among its tabs, where that differs from the area.
    tab_label: str | Promise = ""
    # More words the palette finds it by.
    words: str | Promise = ""

    @property
    def title(self) -> str:
        """The page's own name, for its tab and heading."""
        return str(self.tab_label or self.label)

    def check(self) -> Iterator[str]:
        yield from permissions.missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)
        if self.number:
            yield from missing_topics(self.number.topics)
        if self.tab_of and self.tab_of not in _area_names():
            yield f"{self.tab_of!r} is no area of the navigation"
        for role in Role:
            surplus = areas_of(role)[MOST:]
            if self.name in {area.page.name for area in surplus}:
                yield f"the navigation of the role {role.value!r} has {MOST} entries without it: make it a tab (tab_of)"


@dataclass(frozen=True)
class RoleNavigation(Feature):
    """Areas of a role in order, and those that are tabs of another area. The first is the start page."""

    unique: ClassVar[tuple[str, ...]] = ("role",)

    role: str
    order: tuple[str, ...]
    joined: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> Iterator[str]:
        for name in (*self.order, *self.joined, *self.joined.values()):
            if name not in _area_names():
                yield f"{name!r} is no area of the navigation"


class Area(NamedTuple):
    """An area for a role: the page that names it, and the pages the role may open."""

    page: NavigationPage
    pages: tuple[NavigationPage, ...]


class NavigationTab(NamedTuple):
    """A page of an area, for one member on one page."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool
    is_counted: bool


class NavigationEntry(NamedTuple):
    """An area in the navigation, for one member on one page. It opens its first tab."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool
    is_counted: bool
    tabs: list[NavigationTab]

    @property
    def current_value(self) -> str:
        """The value of `aria-current`: "page" on its own page, another value on others of the area."""
        if self.tabs[0].is_current:
            return "page"
        return "true"

    @property
    def row_tabs(self) -> list[NavigationTab]:
        """The first tabs, always including the open one."""
        return [tab for place, tab in enumerate(self.tabs) if place < TABS_IN_ROW or tab.is_current]

    @property
    def menu_tabs(self) -> list[NavigationTab]:
        return [tab for tab in self.tabs[TABS_IN_ROW:] if not tab.is_current]


def areas_of(role: str) -> tuple[Area, ...]:
    """Return the areas of a role, in order, each with the pages it may open."""
    return _areas_of(role)


@features.cached_index
def _area_names() -> frozenset[str]:
    return frozenset(page.name for page in features.of(NavigationPage) if not page.tab_of)


@features.cached_index
def _areas_of(role: str) -> tuple[Area, ...]:
    layout = next((one for one in features.of(RoleNavigation) if one.role == role), RoleNavigation(role, ()))
    named = {page.name: page for page in features.of(NavigationPage) if page.name in _area_names()}
    order = list(named)
    pages: dict[str, list[NavigationPage]] = {}
    for page in features.of(NavigationPage):
        own = page.tab_of or page.name
        if own in named and role in permissions.permission_matrix().get(page.permission, ()):
            pages.setdefault(layout.joined.get(own, own), []).append(page)

    def place(name: str) -> tuple[int, int]:
        if name in layout.order:
            listed = layout.order.index(name)
        else:
            listed = len(layout.order)
        return listed, order.index(name)

    def tab_place(page: NavigationPage, area: str) -> tuple[bool, int, bool]:
        own = page.tab_of or page.name
        return own != area, order.index(own), page.name != own

    return tuple(
        Area(named[name], tuple(sorted(pages[name], key=lambda page: tab_place(page, name))))
        for name in sorted(pages, key=place)
    )


def pages_of(member: Member) -> tuple[NavigationPage, ...]:
    """Return the pages the member may open, in the order of the navigation."""
    return _pages_of(member.role)


@features.cached_index
def _pages_of(role: str) -> tuple[NavigationPage, ...]:
    return tuple(page for area in _areas_of(role) for page in area.pages)


def start_page(member: Member) -> str:
    """Return the URL name of the member's start page: the chosen one, else the navigation's first."""
    names = [page.name for page in pages_of(member)]
    if member.start_page in names:
        return member.start_page
    return names[0]


def start_url(member: Member, slug: str) -> str:
    """Return the address of the member's start page."""
    return reverse(start_page(member), args=[slug])


def links_of(member: Member) -> list[FrameLink]:
    """Return the frame's links the member may open, in order."""
    return [link for link in features.of(FrameLink) if permissions.allows(member, link.permission)]


def current_page(member: Member, slug: str, path: str) -> str:
    """Return the URL name of the page, link or settings section that contains `path`; "" for none."""
    below = path.partition(f"/{slug}/")[2]
    above = [
        (place, name)
        for name, place, is_section in _places_of(member.role)
        if below == place or (is_section and below.startswith(place))
    ]
    return max(above, key=lambda match: len(match[0]), default=("", ""))[1]


@features.cached_index
def _places_of(role: str) -> list[tuple[str, str, bool]]:
    """Return name and path of each page, link and section, and whether paths below it belong to it."""
    matrix = permissions.permission_matrix()
    links = {link.name: link.section for link in features.of(FrameLink) if role in matrix[link.permission]}
    places = {section.name: True for section in features.of(Section)} | {
        **links,
        **{page.name: page.section for page in _pages_of(role)},
    }
    return [(name, path_below(name), is_section) for name, is_section in places.items()]


def navigation_entries(member: Member, slug: str, current: str = "") -> list[NavigationEntry]:
    """Return a member's entries, in order, with the one of `current` (a URL name) marked."""
    made = []
    for area in areas_of(member.role):
        tabs = [
            NavigationTab(
                dashed_name(page.name),
                page.title,
                page.icon,
                reverse(page.name, args=[slug]),
                page.name == current,
                page.number is not None,
            )
            for page in area.pages
        ]
        is_current = any(tab.is_current for tab in tabs) or (area.page.name == SETTINGS and is_section(current))
        is_counted = any(tab.is_counted for tab in tabs)
        label = str(area.page.label)
        icon = area.page.icon
        made.append(
            NavigationEntry(dashed_name(area.page.name), label, icon, tabs[0].url, is_current, is_counted, tabs)
        )
    return made


def dashed_name(name: str) -> str:
    """Return a URL name as part of an id or class."""
    return name.replace(":", "-")


def is_section(name: str) -> bool:
    """True if a URL name belongs to a settings section and not to a page."""
    return name in _section_names()


@features.cached_index
def _section_names() -> frozenset[str]:
    return frozenset(section.name for section in features.of(Section)) - {
        page.name for page in features.of(NavigationPage)
    }


class FrameLinkEntry(NamedTuple):
    """A link of the frame, for one member on one page."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool
    is_counted: bool
    searches: str


def frame_links(member: Member, slug: str, current: str = "") -> list[FrameLinkEntry]:
    """Return a member's frame links, with the one named `current` marked."""
    return [
        FrameLinkEntry(
            dashed_name(link.name),
            str(link.label),
            link.icon,
            reverse(link.name, args=[slug]),
            link.name == current,
            link.number is not None,
            str(link.searches),
        )
        for link in links_of(member)
    ]


def search_link(member: Member, slug: str) -> FrameLinkEntry | None:
    """Return the link of the search box; None if no app has one, or the member may not open it."""
    return next((link for link in frame_links(member, slug) if link.searches), None)
