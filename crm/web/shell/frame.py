"""The frame around a page: navigation and tabs above, menus and dialogs below. Drawn once for all pages that share it.

It costs as much as fifty rows, and follows from what `Seen` names and nothing else: while it is drawn there is no other
request. Two things are each request's own, the form token and the page to come back to; they are put in afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.platform import features
from crm.platform.models import Member, User
from crm.platform.organization.configuration import directory, per_tenant
from crm.web.design.look import chosen_look
from crm.web.requests.http import TenantRequest
from crm.web.requests.url_cache import address
from crm.web.shell import badges, navigation, pins, shortcuts

# Frames kept a process, of some 25 kB each; the least lately used one goes first.
KEPT = 400
# The templates of a frame's parts, in the order of `Frame`.
PARTS = ("nav", "area_tabs", "frame_foot")
# Stand for the form token and the page's own address until a request puts its own in; nobody can write them.
_TOKEN, _HERE = f"token-{token_hex(16)}", f"here-{token_hex(16)}"


class Frame(NamedTuple):
    """What stands before the page itself, as its first line, and after it."""

    above: SafeString
    tabs: SafeString
    below: SafeString


class Place(NamedTuple):
    """An organization the user may go to."""

    slug: str
    name: str
    suspended: bool


class Seen(NamedTuple):
    """All that a frame follows from; whatever it shows besides is the tenant's configuration, or the code's."""

    # Another one once the tenant's configuration changes: a name, a role, a colour.
    configuration: object
    # Another one once the apps' entries do, as in tests.
    entries: object
    language: str
    member_id: int
    email: str
    memberships: tuple[Place, ...]
    # The URL name of the navigation's page, or the settings section, that this page is or stands below.
    current: str
    look: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Request:
    """Stands in for the request while a frame is drawn: has what `Seen` has."""

    tenant: Any
    member: Any
    user: Any
    memberships: tuple[Place, ...]
    COOKIES: Mapping[str, str]

    def get_full_path(self) -> str:
        return _HERE


def frame_of(request: TenantRequest, token: str) -> Frame:
    """Return the frame of a request's page, with its form token."""
    parts = _drawn(_seen(request))
    here = escape(request.get_full_path())
    return Frame(*(mark_safe(part.replace(_TOKEN, token).replace(_HERE, here)) for part in parts))  # noqa: S308


def _seen(request: TenantRequest) -> Seen:
    return Seen(
        _configuration(),
        _entries(),
        get_language() or "",
        request.member.pk,
        cast("User", request.user).email,
        tuple(Place(place.slug, place.name, place.suspended) for place in request.memberships),
        navigation.current(request.member, request.tenant.slug, request.path),
        tuple(chosen_look(request.COOKIES).items()),
    )


@per_tenant
def _configuration() -> object:
    return object()


@features.derived
def _entries() -> object:
    return object()


@lru_cache(maxsize=KEPT)
def _drawn(seen: Seen) -> tuple[str, ...]:
    """Draw a frame with what stands for the request's own."""
    here = directory()
    member = here.members[seen.member_id]
    user = SimpleNamespace(email=seen.email)
    context = {
        "request": _Request(here.tenant, member, user, seen.memberships, dict(seen.look)),
        "csrf_token": _TOKEN,
        **navigation_context(member, here.tenant.slug, seen.current),
    }
    return tuple(render_to_string(f"components/{name}.html", context) for name in PARTS)


def navigation_context(member: Member, slug: str, current: str) -> dict[str, Any]:
    """Return what the parts of the frame show of the navigation, on the page of the URL name `current`."""
    entries = navigation.entries(member, slug, current)
    return {
        "entries": entries,
        "area": next((entry for entry in entries if entry.is_current), None),
        "pinned": pins.pinned_pages(member, slug, current),
        "pin": pins.pin_at(member, slug, current),
        "links": navigation.frame_links(member, slug, current),
        "keyed": [(navigation.dashed(page), address(page, slug)) for page in shortcuts.keyed_pages(member)],
        "badge_topics": badges.badge_topics(member),
        "badge_trigger": badges.badge_trigger(member),
    }
