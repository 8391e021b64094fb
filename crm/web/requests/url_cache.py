"""A cache of `reverse`: each URL is resolved once a process, as a page has forty and Django is slow at each."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

# Stands for a slug while addresses are taken apart.
_ANY = "any-slug"


def address(view: str, *args: object) -> str:
    """Return the address of a view, as `reverse` does. Raises NoReverseMatch."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), view, args)


def addresses(views: tuple[str, ...], slug: str) -> list[str]:
    """Return the addresses of views that take a tenant's slug alone, of many at once. Raises NoReverseMatch."""
    urlconf, prefix = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
    return [f"{before}{slug}{after}" for before, after in _around(urlconf, prefix, views)]


def missing_address(view: str, *args: object) -> Iterator[str]:
    """Report an unknown URL name; for the system check of an entry that names one."""
    try:
        address(view, *args)
    except NoReverseMatch:
        yield f"no address is called {view!r}" + (f" and takes {', '.join(map(repr, args))}" if args else "")


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, view: str, args: tuple[object, ...]) -> str:
    return reverse(view, urlconf, args)


@lru_cache(maxsize=64)
def _around(urlconf: str, prefix: str, views: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return what stands before and after the slug in each address."""
    return tuple(reverse(view, urlconf, [_ANY]).partition(_ANY)[::2] for view in views)
