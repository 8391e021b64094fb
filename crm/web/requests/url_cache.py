"""Addresses by the names of their views, each looked up once a process: a page names forty, Django walks for each."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def address(view: str, *args: object) -> str:
    """The address of a view, as `reverse` gives it. Raises NoReverseMatch."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), view, args)


def missing_address(view: str, *args: object) -> Iterator[str]:
    """For the check of an entry that names an address."""
    try:
        address(view, *args)
    except NoReverseMatch:
        yield f"no address is called {view!r}" + (f" and takes {', '.join(map(repr, args))}" if args else "")


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, view: str, args: tuple[object, ...]) -> str:
    return reverse(view, urlconf, args)
