"""Validate the page a request asks to be sent back to (`next`), against open redirects and path tricks."""

from urllib.parse import unquote

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from crm.web.requests.http import split_url

LONGEST = 2000
# A path of ours is encoded once. What is still encoded after so many rounds is refused.
_DECODINGS = 4


def local_path(place: str, *, below: str = "/") -> str:
    """Return the path and query of a page of this product below `below`; otherwise blank.

    Refused are other hosts and schemes, backslashes, control characters, empty and dot segments, encoded ones too, and
    paths that lead to no view. A browser resolves `..` before it asks, so that a prefix alone proves nothing.
    """
    path = split_url(place).path
    if len(place) > LONGEST or not path.startswith(below) or not url_has_allowed_host_and_scheme(place, None):
        return ""
    if "\\" in place or any(ord(character) < 0x20 or ord(character) == 0x7F for character in place):
        return ""
    if place.startswith(path) and _is_plain(path) and _leads_to_a_view(path):
        return place
    return ""


def next_page(request: HttpRequest, *, below: str = "/") -> str:
    """Return the `next` page of a form or link if it is a local one below `below`; otherwise blank."""
    if request.method == "POST":
        sent = request.POST
    else:
        sent = request.GET
    return local_path(sent.get("next", ""), below=below)


def _is_plain(path: str) -> bool:
    """True if no segment of a path is empty or consists of dots, however often it is encoded."""
    for _round in range(_DECODINGS):
        # What stands behind a semicolon is a parameter of its segment to some servers.
        segments = [segment.partition(";")[0].strip() for segment in path.split("/")]
        if "\\" in path or "" in segments[1:-1] or {".", ".."} & set(segments):
            return False
        decoded = unquote(path)
        if decoded == path:
            return path.isprintable()
        path = decoded
    return False


def _leads_to_a_view(path: str) -> bool:
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True
