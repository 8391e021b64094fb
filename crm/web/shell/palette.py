"""The palette (⌘K): what a member may do or go to from anywhere. Apps add actions and sources of hits when they start.

An action names a permission; one a member may not is not offered, and its address refuses it as well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.url_cache import address
from crm.web.shell import navigation

# What begins with this sign asks for actions alone.
ONLY_ACTIONS = ">"


class Action(NamedTuple):
    """Something to do at the tenant's address `name`; with `post`, e.g. ("theme", "dark"), sent to a user's."""

    position: int
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


@dataclass(frozen=True)
class Item:
    """One line of the palette. `face`: the name whose avatar stands in for an icon; `bar`: prepared markup."""

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


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    name: str
    items: list[Item]


Source = Callable[[TenantRequest, str], Iterable[Group]]
_actions: list[Action] = []
_sources: list[tuple[int, str, Source]] = []


def register(action: Action) -> None:
    """Add an action. Registering it again changes nothing."""
    if action not in _actions:
        _actions.append(action)
        _actions.sort(key=lambda one: one.position)


def register_source(position: int, permission: str, source: Source) -> None:
    """Add a source of hits: asked with what was typed, possibly nothing, for members with the permission."""
    if (position, permission, source) not in _sources:
        _sources.append((position, permission, source))
        _sources.sort(key=lambda one: one[0])


def groups(request: TenantRequest, text: str) -> list[Group]:
    """What matches, best first: hits of the sources, then actions and pages. Without text: all there is to do."""
    wanted = text.removeprefix(ONLY_ACTIONS).strip()
    sources = [] if text.startswith(ONLY_ACTIONS) else _sources
    found = [
        group
        for _position, permission, source in sources
        if allows(request.member, permission)
        for group in source(request, wanted)
    ]
    found += [Group(_("Actions"), _matching(_offered(request), wanted)), Group(_("Go to"), _pages(request, wanted))]
    return [group for group in found if group.items]


def act_url(member: Member, slug: str, act: str) -> str:
    """The address of the action a key does as well; empty where the member may not."""
    found = (one for one in _actions if one.act == act and allows(member, one.permission))
    return next((address(one.name, slug) for one in found), "")


def matches(text: str, *said: object) -> bool:
    """Whether each word that was typed begins a word of what is said."""
    words = " ".join(str(one) for one in said).casefold().split()
    return all(any(word.startswith(typed) for word in words) for typed in text.casefold().split())


def _offered(request: TenantRequest) -> list[tuple[Item, str]]:
    slug = request.tenant.slug
    return [
        (
            Item(
                str(one.label),
                address(one.name) if one.post else address(one.name, slug),
                one.icon,
                act=one.act,
                dialog=one.dialog,
                post=one.post,
            ),
            str(one.words),
        )
        for one in _actions
        if allows(request.member, one.permission)
    ]


def _matching(items: Iterable[tuple[Item, str]], text: str) -> list[Item]:
    return [item for item, words in items if matches(text, item.label, words)]


def _pages(request: TenantRequest, text: str) -> list[Item]:
    pages = navigation.entries(request.member, request.tenant.slug, request.path)
    return [Item(one.label, one.url, one.icon) for one in pages if matches(text, one.label)]
