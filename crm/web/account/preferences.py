"""What a person prefers: the look (language, theme, density) of a user, the zone and start page of a member.

A page is made from the browser's cookies: no query, no flash, and signed out as well. The user's row is what a
sign-in lays into them; a choice writes both.
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
    """Keep a choice in the browser, and with the user if there is one. Unknown values are ignored."""
    allowed = {"language": dict(settings.LANGUAGES), "theme": dict(THEMES), "density": dict(DENSITIES)}
    known = {name: chosen[name] for name, values in allowed.items() if chosen.get(name) in values}
    _lay(response, known)
    if isinstance(request.user, User):
        request.user.prefer(**known)


def lay_look(response: HttpResponse, user: User) -> None:
    """Give a browser that has just signed in what its user chose elsewhere."""
    _lay(response, {"language": user.language, "theme": user.theme, "density": user.density})


def _lay(response: HttpResponse, look: Mapping[str, str]) -> None:
    for name, value in look.items():
        if value:
            cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
            response.set_cookie(cookie, value, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """(region, [(name, name in words)]), for a choice."""
    by_region: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in by_region:
            by_region[region].append((name, name.replace("_", " ")))
    return list(by_region.items())


def start_pages(member: Member) -> list[tuple[str, Any]]:
    """(URL name, label) of the pages a visit of this member's may begin at."""
    return [(page.name, page.label) for page in navigation.pages_of(member)]


def start_page(member: Member) -> str:
    """The name of the page a visit of this member's begins at: the chosen one, else the navigation's first."""
    names = [page.name for page in navigation.pages_of(member)]
    return member.start_page if member.start_page in names else names[0]


def start_of(member: Member, slug: str) -> str:
    """The address a visit of this member's begins at."""
    return reverse(start_page(member), args=[slug])
