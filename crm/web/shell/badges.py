"""Badges of the navigation: an area's is the sum of its pages, a tab has its own. Loaded after the page."""

from typing import NamedTuple

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.models import Member
from crm.web.shell import navigation
from crm.web.shell.navigation import FrameLink, Number


class Badge(NamedTuple):
    """A badge: the suffix of its element id, its value, and a label of what is counted."""

    name: str
    number: str
    words: str
    # Whether a phone has it in the menu, beyond its bar.
    is_in_menu: bool = False


def entry_badges(member: Member, numbers: dict[str, str]) -> list[Badge]:
    """Return the badges of the member's entries and of the frame's links."""
    made = []
    for position, area in enumerate(navigation.areas_of(member.role)):
        counted = [page for page in area.pages if page.number]
        parts = [(numbers[page.name], page.number) for page in counted if numbers[page.name] and page.number]
        if counted:
            name = navigation.dashed_name(area.page.name)
            total = _sum_numbers([text for text, _of in parts])
            made.append(Badge(name, total, _number_words(parts), position >= navigation.IN_BAR))
    made += [
        Badge(navigation.dashed_name(link.name), numbers[link.name], str(link.number.words), is_in_menu=True)
        for link in navigation.links_of(member)
        if link.number
    ]
    return made


def tab_badges(member: Member, area: str, numbers: dict[str, str]) -> list[Badge]:
    """Return the badges of an area's tabs, named as in `NavigationEntry`; none if it has a single tab."""
    return [
        Badge(navigation.dashed_name(page.name), numbers[page.name], str(page.number.words))
        for one in navigation.areas_of(member.role)
        if navigation.dashed_name(one.page.name) == area and len(one.pages) > 1
        for page in one.pages
        if page.number
    ]


def page_numbers(member: Member) -> dict[str, str]:
    """Return the number of each page and link of the member, by URL name."""
    return {name: number.ask(member) for name, number in _numbers_of(member.role).items()}


@features.cached_index
def _numbers_of(role: str) -> dict[str, Number]:
    numbers = {page.name: page.number for area in navigation.areas_of(role) for page in area.pages if page.number}
    for link in features.of(FrameLink):
        if link.number and role in permissions.permission_matrix()[link.permission]:
            numbers[link.name] = link.number
    return numbers


def _sum_numbers(texts: list[str]) -> str:
    """Add numbers: "13" and "99+" are "112+"."""
    more = ""
    if any(text.endswith("+") for text in texts):
        more = "+"
    if texts:
        return f"{sum(int(text.rstrip('+')) for text in texts)}{more}"
    return ""


def _number_words(parts: list[tuple[str, Number]]) -> str:
    if not parts:
        return ""
    if len(parts) == 1:
        return str(parts[0][1].words)
    return "({})".format(", ".join(f"{text} {number.words}" for text, number in parts))


def badge_topics(member: Member) -> str:
    """Return the topics whose hints refresh the badges."""
    return _badge_topics(member.role)


def badge_trigger(member: Member) -> str:
    """Return the hx-trigger of the badges: on load, when something is due, on a hint, after an action."""
    return _badge_trigger(member.role)


@features.cached_index
def _badge_topics(role: str) -> str:
    return " ".join(sorted({topic for number in _numbers_of(role).values() for topic in number.topics.split()}))


@features.cached_index
def _badge_trigger(role: str) -> str:
    events = sorted({number.event for number in _numbers_of(role).values()})
    return ", ".join(["load", "crossing", "hint", *(f"{event} from:body" for event in events)])
