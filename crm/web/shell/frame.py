"""Cache of the page frame: navigation and tabs above a page, menus and dialogs below it.

The frame costs as much as fifty rows and depends only on `FrameKey`, so each process renders it once per key, from a
request that has nothing but the key's values. The form token and the page to return to are put in afterwards.
docs/what-we-replace.md has the figures.
"""

from functools import lru_cache
from secrets import token_hex
from types import SimpleNamespace
from typing import NamedTuple, cast

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.platform import features
from crm.platform.models import User
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.platform.tenancy.membership import Membership
from crm.web.design.look import chosen_look
from crm.web.requests.http import TenantRequest
from crm.web.shell import navigation
from crm.web.shell.frame_context import frame_context

# About 25 kB each.
MOST_KEPT = 400
# Templates, in the order of `Frame`.
PARTS = ("nav", "area_tabs", "frame_foot")
# Placeholders of the form token and the page's own address; nobody can write them.
_TOKEN = f"token-{token_hex(16)}"
_HERE = f"here-{token_hex(16)}"


class PageFrame(NamedTuple):
    """HTML of the frame: above the page, the tabs on its first line, and below the page."""

    above: SafeString
    tabs: SafeString
    below: SafeString


class FrameKey(NamedTuple):
    """Everything a frame depends on besides the code."""

    # A new object after each change of the tenant's configuration, and of the apps' entries (in tests).
    configuration: object
    entries: object
    language: str
    member_id: int
    email: str
    memberships: tuple[Membership, ...]
    # The URL name of the navigation's page or settings section that this page is, or stands below.
    current: str
    look: tuple[tuple[str, str], ...]


def cached_frame(request: TenantRequest, token: str) -> PageFrame:
    """Return the frame of a request's page, with its CSRF token."""
    key = FrameKey(
        _configuration_token(),
        _entries_token(),
        get_language() or "",
        request.member.pk,
        cast("User", request.user).email,
        tuple(request.memberships),
        navigation.current_page(request.member, request.tenant.slug, request.path),
        tuple(chosen_look(request.COOKIES).items()),
    )
    path = escape(request.get_full_path())
    return PageFrame(*(mark_safe(part.replace(_TOKEN, token).replace(_HERE, path)) for part in _render_frame(key)))  # noqa: S308


@cached_per_tenant
def _configuration_token() -> object:
    return object()


@features.cached_index
def _entries_token() -> object:
    return object()


@lru_cache(maxsize=MOST_KEPT)
def _render_frame(key: FrameKey) -> tuple[str, ...]:
    """Render the parts of a frame, with placeholders for the values of a single request."""
    tenant = directory().tenant
    member = directory().members[key.member_id]
    request = SimpleNamespace(
        tenant=tenant,
        member=member,
        user=SimpleNamespace(email=key.email),
        memberships=key.memberships,
        COOKIES=dict(key.look),
        get_full_path=lambda: _HERE,
    )
    context = frame_context(member, tenant.slug, key.current) | {"request": request, "csrf_token": _TOKEN}
    return tuple(render_to_string(f"components/{name}.html", context) for name in PARTS)
