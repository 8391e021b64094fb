"""The frame's navigation: each app adds its pages from `AppConfig.ready()`; a member sees those it may open."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import access
from crm.platform.models import Member


class Page(NamedTuple):
    """A page in the navigation. `position` orders them; the design's order leaves gaps for pages to come."""

    position: int
    name: str
    permission: str
    icon: str
    label: str | Promise
    # Whether addresses below it, e.g. a lead's own page, belong to it.
    section: bool = False
    # The address, by name, that answers with its number after the page; empty for none.
    counted: str = ""
    # Whether every address below it belongs to it.
    whole: bool = False


class Entry(NamedTuple):
    """A page as one member sees it on one page."""

    name: str
    label: str
    icon: str
    url: str
    current: bool
    count_url: str = ""


_pages: list[Page] = []


def register(page: Page) -> None:
    """Add a page. Registering it again changes nothing."""
    if page not in _pages:
        _pages.append(page)
        _pages.sort()


def pages_of(member: Member) -> list[Page]:
    """The pages the member may open, in order."""
    return [page for page in _pages if access.allows(member, page.permission)]


def entries(member: Member, slug: str, path: str) -> list[Entry]:
    """The pages the member may open, in order; the one `path` is on, or in, is current."""
    return [
        Entry(
            page.name.replace(":", "-"),
            str(page.label),
            page.icon,
            url,
            _is_current(page, url, path),
            _count(page, slug),
        )
        for page in pages_of(member)
        for url in [reverse(page.name, args=[slug])]
    ]


def _count(page: Page, slug: str) -> str:
    return reverse(page.counted, args=[slug]) if page.counted else ""


def _is_current(page: Page, url: str, path: str) -> bool:
    if page.whole:
        return path.startswith(url)
    if path == url or not page.section:
        return path == url
    below = path.removeprefix(url).split("/")[0]
    return path.startswith(url) and (below.isdigit() or below.count("-") == 4)
