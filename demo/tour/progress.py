"""Where a visitor is on the tour: a cookie of the browser, so that it holds on members' and customers' pages."""

import re
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from demo.tour.stop import Stop
from demo.tour.stops import TOURS

# Cookies are not scoped by port: the name carries it.
COOKIE = f"demo_tour_{settings.PORT}"
_PLACE = re.compile(r"([a-z0-9-]{1,50})\.([a-z]{1,10})\.([0-9]{1,2})")


class Progress(NamedTuple):
    """The stop a visitor is at, counted from one."""

    slug: str
    role: str
    number: int

    @property
    def stop(self) -> Stop:
        return TOURS[self.role][self.number - 1]

    @property
    def total(self) -> int:
        return len(TOURS[self.role])


def read_progress(request: HttpRequest) -> Progress | None:
    """Return where the visitor is; None if they take no tour, or the cookie is none of ours."""
    match = _PLACE.fullmatch(request.COOKIES.get(COOKIE, "")[:80])
    if match is None:
        return None
    slug, role, number = match[1], match[2], int(match[3])
    return Progress(slug, role, number) if is_stop(role, number) else None


def is_stop(role: str, number: int) -> bool:
    """Tell whether a role has a stop of that number."""
    return 1 <= number <= len(TOURS.get(role, ()))


def keep_progress(response: HttpResponse, place: Progress) -> None:
    """Remember where the visitor is until the browser is closed."""
    response.set_cookie(
        COOKIE, f"{place.slug}.{place.role}.{place.number}", httponly=True, samesite="Lax", secure=settings.TLS
    )


def end_tour(response: HttpResponse) -> None:
    """Forget the tour."""
    response.delete_cookie(COOKIE, samesite="Lax")
