"""Origin of a request for a sign-in code: a browser that used this address before, else the network.

Codes are limited by it, so that a stranger who asks for codes and tries them shuts nobody out but their own network.
"""

from secrets import token_urlsafe
from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest, HttpResponse

from crm.platform.tenancy import secrets
from crm.web.requests.client_network import client_network
from portal.access import cookies

SALT = "portal.known_browser"
YEAR = 365 * 24 * 3600
# Of the addresses somebody came in by with one browser, the last few.
MOST = 8


class CodeOrigin(NamedTuple):
    """Origin of a code request; `key` is a fingerprint of the browser or network."""

    key: str
    is_known_device: bool


def origin_of(request: HttpRequest, address: str) -> CodeOrigin:
    """Return the origin of a request for a code to an address."""
    browser, marks = _read_marks(request)
    if _address_mark(address) in marks:
        return CodeOrigin(secrets.address_fingerprint(f"browser {browser}"), is_known_device=True)
    network = client_network(request)
    return CodeOrigin(secrets.address_fingerprint(f"network {network}"), is_known_device=False)


def remember_browser(request: HttpRequest, response: HttpResponse, address: str, *, company: str) -> None:
    """Set a cookie: this browser has signed in with a code sent to this address."""
    browser, marks = _read_marks(request)
    kept = [_address_mark(address), *(mark for mark in marks if mark != _address_mark(address))][:MOST]
    value = signing.dumps([browser or token_urlsafe(12), kept], salt=SALT)
    cookies.set_cookie(response, cookies.KNOWN, value, company=company, seconds=YEAR)


def _read_marks(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, marks = signing.loads(cookies.read_cookie(request, cookies.KNOWN), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return "", []
    return browser, marks


def _address_mark(address: str) -> str:
    return secrets.address_fingerprint(address)[:16]
