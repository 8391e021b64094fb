"""Host names of brands: PORTAL_HOSTS maps each to a company and a brand. Staff pages are not served there.

PORTAL_HOSTS=my.suncoast.example=suncoast,mijn.thuislaadpunt.example=chargeline/Thuislaadpunt
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.platform.models import Brand
from crm.platform.organization.configuration import directory

GetResponse = Callable[[HttpRequest], HttpResponse]


class Place(NamedTuple):
    """The company slug and brand name of a host; a blank brand is the default one."""

    company: str
    brand: str


def place_of(host: str) -> Place | None:
    """Return the company and brand of a portal host; None for the product's own host."""
    return _places_by_host(tuple(sorted(settings.PORTAL_HOSTS.items()))).get(host.casefold())


@cache
def _places_by_host(entries: tuple[tuple[str, str], ...]) -> dict[str, Place]:
    return {host.casefold(): Place(*place.partition("/")[::2]) for host, place in entries}


def portal_alone(get_response: GetResponse) -> GetResponse:
    """Middleware: a brand's host serves only its company's portal; staff can't sign in there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        place = None
        if settings.PORTAL_HOSTS:
            place = place_of(request.get_host())
        if place is None:
            return get_response(request)
        home = reverse("portal:home", kwargs={"company": place.company})
        if request.path_info == "/":
            return redirect(home)
        if not request.path_info.startswith(home):
            return HttpResponse("There is nothing at this address.", status=404, content_type="text/plain")
        return get_response(request)

    return middleware


def brand_of(host: str) -> Brand | None:
    """Return the brand of the request's host in the current tenant; None on the product's own host."""
    place = None
    if settings.PORTAL_HOSTS:
        place = place_of(host)
    if place is None:
        return None
    named = (brand for brand in directory().brands.values() if brand.name == place.brand)
    return next(named, directory().default_brand)


def origin_of(brand: Brand) -> str:
    """Return the scheme and host for a brand's links: the brand's own host, or the product's."""
    company = directory().tenant.slug
    own = [
        host
        for host in settings.PORTAL_HOSTS
        if (place := place_of(host)) and place.company == company and brand_of(host) == brand
    ]
    if own:
        return f"{'https' if settings.TLS else 'http'}://{own[0]}"
    return str(settings.SITE_URL)
