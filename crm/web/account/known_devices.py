"""Known browsers: a signed cookie with the browser's id and the addresses that signed in from it.

What strangers type for an address must not lock its owner out (crm/web/account/adapter.py): a browser the owner has
signed in from is counted by itself.
"""

from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "crm.known_device"
YEAR = 365 * 24 * 3600
# Of the addresses somebody has signed in with from one browser, the last few.
MOST = 8


def known_device(request: HttpRequest, login: str) -> str:
    """Return this browser's id if this address has signed in from it before; "" otherwise."""
    device, logins = _read_cookie(request)
    if _login_digest(login) in logins:
        return device
    return ""


def remember_device(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Record in the browser's cookie that this address has signed in from it."""
    device, logins = _read_cookie(request)
    kept = [_login_digest(login), *(mark for mark in logins if mark != _login_digest(login))][:MOST]
    value = signing.dumps([device or token_urlsafe(12), kept], salt=SALT)
    name = settings.DEVICE_COOKIE_NAME
    tls = settings.TLS
    response.set_cookie(name, value, max_age=YEAR, secure=tls, httponly=True, samesite="Lax")


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, logins = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return "", []
    return device, logins


def _login_digest(login: str) -> str:
    return salted_hmac(SALT, login.lower()).hexdigest()[:16]
