"""Pinned pages: pages that a member keeps below the entries of the navigation."""

from typing import NamedTuple

from django.urls import reverse

from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.settings.sections import Section
from crm.web.shell import navigation

# Pinned pages that a member has at most: more would push each other out of sight.
MOST = 8


class PinnedPage(NamedTuple):
    """A page that is or may be pinned, for one member on one page."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool


def pinnable_pages(member: Member) -> dict[str, tuple[str, str]]:
    """Return label and icon by URL name of the pages a member may pin: those that are not an entry's first page."""
    areas = navigation.areas_of(member.role)
    tabs = {page.name: (page.title, page.icon) for area in areas for page in area.pages[1:]}
    sections = {one.name: (str(one.label), one.icon) for one in features.of(Section) if allows(member, one.permission)}
    leading = {area.pages[0].name for area in areas}
    return {name: one for name, one in (sections | tabs).items() if name not in leading}


def pinned_pages(member: Member, slug: str, current: str = "") -> list[PinnedPage]:
    """Return the member's pinned pages in the order they were pinned, without those the role may not open."""
    pages = pinnable_pages(member)
    return [
        PinnedPage(name, *pages[name], reverse(name, args=[slug]), name == current)
        for name in member.pinned_pages
        if name in pages
    ]


def pin_at(member: Member, slug: str, current: str) -> PinnedPage | None:
    """Return the page `current` as a pinnable one, None if it is not. `is_current`: whether it is pinned."""
    if current not in (pages := pinnable_pages(member)):
        return None
    return PinnedPage(current, *pages[current], reverse(current, args=[slug]), current in member.pinned_pages)
