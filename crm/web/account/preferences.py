"""User preferences: the look (language, theme, density) of a user, the time zone and start page of a member.

Pages read the browser's cookies: no query, no flash, and signed out as well. A sign-in copies the user's row into
the cookies; a change writes both.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.platform.models import Member, User
from crm.web.shell import navigation

YEAR = 365 * 24 * 3600
THEMES = [("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))]
DENSITIES = [("comfortable", _("Comfortable")), ("compact", _("Compact"))]
# Where people live; the other names are old spellings and offsets.
_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def choose_look(request: HttpRequest, response: HttpResponse, chosen: Mapping[str, str]) -> None:
    """Save a choice in the cookies, and with the user if there is one. Unknown values are ignored."""
    allowed = {"language": dict(settings.LANGUAGES), "theme": dict(THEMES), "density": dict(DENSITIES)}
    known = {name: chosen[name] for name, values in allowed.items() if chosen.get(name) in values}
    _set_cookies(response, known)
    if isinstance(request.user, User):
        request.user.prefer(**known)


def lay_look(response: HttpResponse, user: User) -> None:
    """Copy the user's saved look into the cookies of a browser that has just signed in."""
    _set_cookies(response, {"language": user.language, "theme": user.theme, "density": user.density})


def _set_cookies(response: HttpResponse, look: Mapping[str, str]) -> None:
    for name, value in look.items():
        if value:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            response.set_cookie(cookie, value, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (region, [(name, name in words)]), for a select."""
    by_region: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in by_region:
            by_region[region].append((name, name.replace("_", " ")))
    return list(by_region.items())


def start_pages(member: Member) -> list[tuple[str, Any]]:
    """Return (URL name, label) of the pages the member may start at."""
    return [(page.name, page.label) for page in navigation.pages_of(member)]


def start_page(member: Member) -> str:
    """Return the URL name of the member's start page: the chosen one, else the navigation's first."""
    names = [page.name for page in navigation.pages_of(member)]
    return member.start_page if member.start_page in names else names[0]


def start_of(member: Member, slug: str) -> str:
    """Return the address of the member's start page."""
    return reverse(start_page(member), args=[slug])
