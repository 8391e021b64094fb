"""The frame's navigation: each app adds its pages from `AppConfig.ready()`; a member sees those it may open."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise

from crm.platform.access import permissions
from crm.platform.models import Member
from crm.web.requests.url_cache import address


class Number(NamedTuple):
    """How many of a page's things want a member ("13", "99+", "" for none), in words, and which hints move it."""

    ask: Callable[[Member], str]
    words: str | Promise
    topics: str


class Page(NamedTuple):
    """A page in the navigation. `position` orders them; the design's order leaves gaps for pages to come."""

    position: int
    name: str
    permission: str
    icon: str
    label: str | Promise
    # Whether addresses below it, e.g. a lead's own page, belong to it.
    section: bool = False
    # Whether every address below it belongs to it.
    whole: bool = False
    # Asked for after the page.
    number: Number | None = None


class Entry(NamedTuple):
    """A page as one member sees it on one page."""

    name: str
    label: str
    icon: str
    url: str
    current: bool
    is_counted: bool = False


# So many of the pages stand in the tab bar of a phone (components/tabbar.html).
TABS = 4
_pages: list[Page] = []


def register(page: Page) -> None:
    """Add a page. Registering it again changes nothing."""
    if page not in _pages:
        _pages.append(page)
        _pages.sort()


def pages_of(member: Member) -> list[Page]:
    """The pages the member may open, in order."""
    return [page for page in _pages if permissions.allows(member, page.permission)]


def entries(member: Member, slug: str, path: str) -> list[Entry]:
    """The pages the member may open, in order; the one `path` is on, or in, is current."""
    return [
        Entry(
            page.name.replace(":", "-"),
            str(page.label),
            page.icon,
            url,
            _is_current(page, url, path),
            page.number is not None,
        )
        for page in pages_of(member)
        for url in [address(page.name, slug)]
    ]


class Counted(NamedTuple):
    """A number of the navigation: what it stands at (named as in `Entry`), what is counted, and where it shows."""

    name: str
    number: str
    words: str
    in_tab_bar: bool


def counted(member: Member) -> list[Counted]:
    """The numbers of the member's pages."""
    return [
        Counted(page.name.replace(":", "-"), page.number.ask(member), str(page.number.words), at < TABS)
        for at, page in enumerate(pages_of(member))
        if page.number
    ]


def count_topics(member: Member) -> str:
    """The hints after which the numbers are asked for again."""
    numbers = [page.number for page in pages_of(member) if page.number]
    return " ".join(sorted({topic for number in numbers for topic in number.topics.split()}))


def _is_current(page: Page, url: str, path: str) -> bool:
    if page.whole:
        return path.startswith(url)
    if path == url or not page.section:
        return path == url
    below = path.removeprefix(url).split("/")[0]
    return path.startswith(url) and (below.isdigit() or below.count("-") == 4)
