"""Read the body of an external request with a size limit, and the headers to store."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, UnreadablePostError

from leads.intake.arrival import MOST_BYTES


class TooLarge(Exception):
    """The body is larger than a lead can be."""


class Broken(Exception):
    """The request ended before its body was complete."""


def body_of(request: HttpRequest) -> bytes:
    """Return the bytes of a request. Raises TooLarge, without reading the rest; Broken."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise TooLarge
        body = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        raise Broken from None
    except ValueError:
        raise Broken from None
    if len(body) > MOST_BYTES:
        raise TooLarge
    return body


def kept_headers(request: HttpRequest) -> dict[str, str]:
    """Return what is stored of a request: user agent, referrer, IP address. None of it is secret."""
    kept = {
        "user_agent": request.headers.get("User-Agent", ""),
        "referrer": request.headers.get("Referer", ""),
        "ip": address_of(request),
    }
    return {name: value for name, value in kept.items() if value}


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address, as set by our own proxy; blank if there is none."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
