"""Addresses by the names of their views, each looked up once a process: a page names forty, Django walks for each."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address(view: str, *args: object) -> str:
    """The address of a view, as `reverse` gives it. Raises NoReverseMatch."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), view, args)


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, view: str, args: tuple[object, ...]) -> str:
    return reverse(view, urlconf, args)
