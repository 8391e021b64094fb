"""Appearance of pages: language, theme and density.

Pages read the browser's cookies: no query, no flash, and signed out as well. A sign-in copies the user's row into
the cookies; a change writes both.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from crm.platform.models import User

YEAR = 365 * 24 * 3600
THEMES = [("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))]
DENSITIES = [("comfortable", _("Comfortable")), ("compact", _("Compact"))]


def chosen_look(cookies: Any) -> dict[str, str]:
    """Return theme and density from the cookies; the default and anything unknown count as not chosen."""
    allowed = {"theme": dict(THEMES[1:]), "density": dict(DENSITIES[1:])}
    return {name: cookies[name] for name, values in allowed.items() if cookies.get(name) in values}


def choose_look(request: HttpRequest, response: HttpResponse, chosen: Mapping[str, str]) -> None:
    """Save a choice in the cookies, and with the user if there is one. Unknown values are ignored."""
    allowed = {"language": dict(settings.LANGUAGES), "theme": dict(THEMES), "density": dict(DENSITIES)}
    valid = {name: chosen[name] for name, values in allowed.items() if chosen.get(name) in values}
    _set_cookies(response, valid)
    if isinstance(request.user, User):
        request.user.prefer(**valid)


def copy_look_to_cookies(response: HttpResponse, user: User) -> None:
    """Copy the user's saved look into the cookies of a browser that has just signed in."""
    _set_cookies(response, {"language": user.language, "theme": user.theme, "density": user.density})


def _set_cookies(response: HttpResponse, look: Mapping[str, str]) -> None:
    for name, value in look.items():
        if value:
            if name == "language":
                cookie = settings.LANGUAGE_COOKIE_NAME
            else:
                cookie = name
            response.set_cookie(cookie, value, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")


@cache
def language_name(code: str) -> str:
    """Return a language's name in that language: "Nederlands"."""
    return str(get_language_info(code)["name_local"]).capitalize()
