"""The main navigation, made of every app's `Page` entries; a member sees those they may open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.events.hints import missing_topics
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.requests.url_cache import address, addresses, missing_address
from crm.web.settings.sections import section_at

# The page whose sections may stand among an app's own addresses.
SETTINGS = "settings"
# The parts of the navigation, in order, by what stands above each; the one folded away is asked for less often.
MAIN, INSIGHT, FOLDED, SET_UP = "main", "insight", "more", "set-up"
_HEADS: dict[str, str | Promise] = {MAIN: "", INSIGHT: _("Insight"), FOLDED: _("More"), SET_UP: _("Set-up")}


class Number(NamedTuple):
    """The badge of a page in the navigation ("13", "99+", "" for none), its words, and what updates it."""

    ask: Callable[[Member], str]
    words: str | Promise
    # Hints of what others change, and the browser's event after a change of one's own (HX-Trigger).
    topics: str
    event: str


@dataclass(frozen=True)
class Page(Feature):
    """A page in the navigation. `position` orders them within their part; gaps leave room for pages to come."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    position: int
    name: str
    permission: str
    icon: str
    label: str | Promise
    # Whether the addresses below it, e.g. a lead's own page, belong to it, as far as they are no other page's.
    section: bool = False
    # Asked for after the page.
    number: Number | None = None
    # For the one page that answers the search box (`?q=`): what the box says it searches.
    searches: str | Promise = ""
    part: str = MAIN

    def check(self) -> Iterator[str]:
        if self.part not in _HEADS:
            yield f"there is no part {self.part!r} of the navigation"
        yield from permissions.missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)
        if self.number:
            yield from missing_topics(self.number.topics)
        if self.searches and sum(bool(page.searches) for page in features.of(Page)) > 1:
            yield "another page answers the search box as well"


@dataclass(frozen=True)
class FirstPages(Feature):
    """The names of the pages that a role's navigation begins with, in order; the phone's bar has the first three."""

    unique: ClassVar[tuple[str, ...]] = ("role",)

    role: str
    names: tuple[str, ...]

    def check(self) -> Iterator[str]:
        for name in self.names:
            if name not in {page.name for page in features.of(Page)}:
                yield f"{name!r} is no page of the navigation"


class Entry(NamedTuple):
    """A page in the navigation, for one member on one page."""

    name: str
    label: str
    icon: str
    url: str
    current: bool
    is_counted: bool = False


class Part(NamedTuple):
    """A part of the navigation: its heading, if it has one, and its entries."""

    head: str
    entries: list[Entry]
    is_folded: bool
    is_open: bool


def pages_of(member: Member) -> tuple[Page, ...]:
    """Return the pages the member may open, in order."""
    return _pages_of(member.role)


@features.derived
def _pages_of(role: str) -> tuple[Page, ...]:
    allowed = [page for page in features.of(Page) if role in permissions.matrix()[page.permission]]
    first = next((one.names for one in features.of(FirstPages) if one.role == role), ())
    parts = list(_HEADS)

    def place(page: Page) -> tuple[int, int]:
        return (first.index(page.name), 0) if page.name in first else (len(first), parts.index(page.part))

    return tuple(sorted(allowed, key=place))


def current(member: Member, slug: str, path: str) -> str:
    """Return the address of the member's page that `path` is on, or nearest below; "" for none."""
    pages = zip(pages_of(member), addresses(_names_of(member.role), slug), strict=True)
    above = [url for page, url in pages if path == url or (page.section and path.startswith(url))]
    nearest = max(above, key=len, default="")
    return address(SETTINGS, slug) if len(section_at(slug, path)) > len(nearest) else nearest


@features.derived
def _names_of(role: str) -> tuple[str, ...]:
    return tuple(page.name for page in _pages_of(role))


def entries(member: Member, slug: str, current: str = "") -> list[Entry]:
    """Return the navigation entries of a member, in order; the one of the address `current` is marked."""
    pages = [(page, address(page.name, slug)) for page in pages_of(member)]
    return [
        Entry(page.name.replace(":", "-"), str(page.label), page.icon, url, url == current, page.number is not None)
        for page, url in pages
    ]


def parts(member: Member, slug: str, current: str = "") -> list[Part]:
    """Return the same entries by the parts they stand in; a part without one is left out."""
    names = {page.name.replace(":", "-"): page.part for page in pages_of(member)}
    found = {part: list[Entry]() for part in _HEADS}
    for entry in entries(member, slug, current):
        found[names[entry.name]].append(entry)
    return [
        Part(str(_HEADS[part]), inside, part == FOLDED, any(entry.current for entry in inside))
        for part, inside in found.items()
        if inside
    ]


class Counted(NamedTuple):
    """A badge of the navigation: its value (named as in `Entry`), and what is counted."""

    name: str
    number: str
    words: str


def counted(member: Member) -> list[Counted]:
    """Return the badges of the member's pages."""
    return [
        Counted(page.name.replace(":", "-"), page.number.ask(member), str(page.number.words))
        for page in pages_of(member)
        if page.number
    ]


def count_topics(member: Member) -> str:
    """Return the topics whose hints refresh the badges."""
    return _topics(member.role)


def count_trigger(member: Member) -> str:
    """Return the hx-trigger of the badges: after the page, when something falls due, on a hint, after an action."""
    return _trigger(member.role)


@features.derived
def _topics(role: str) -> str:
    numbers = [page.number for page in _pages_of(role) if page.number]
    return " ".join(sorted({topic for number in numbers for topic in number.topics.split()}))


@features.derived
def _trigger(role: str) -> str:
    events = sorted({page.number.event for page in _pages_of(role) if page.number})
    return ", ".join(["load", "crossing", "hint", *(f"{event} from:body" for event in events)])


class Search(NamedTuple):
    """The page of the search box, and what it searches, in words."""

    url: str
    label: str


def search(member: Member, slug: str) -> Search | None:
    """Return the page of the search box; None if no app has one, or the member may not open it."""
    found = (page for page in pages_of(member) if page.searches)
    return next((Search(address(page.name, slug), str(page.searches)) for page in found), None)
