"""A cache of `reverse`: each URL is resolved once a process, as a page has forty and Django is slow at each."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def address(view: str, *args: object) -> str:
    """Return the address of a view, as `reverse` does. Raises NoReverseMatch."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), view, args)


def missing_address(view: str, *args: object) -> Iterator[str]:
    """Report an unknown URL name; for the system check of an entry that names one."""
    try:
        address(view, *args)
    except NoReverseMatch:
        yield f"no address is called {view!r}" + (f" and takes {', '.join(map(repr, args))}" if args else "")


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, view: str, args: tuple[object, ...]) -> str:
    return reverse(view, urlconf, args)
