"""URLs whose only argument is a tenant's slug, and the system check of entries that name a view."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse

# Stands for the slug while a URL is taken apart.
_SLUG = "any-slug"


def path_below(view: str) -> str:
    """Return the path of a view below the slug: "leads/board/" of "/suncoast/leads/board/". Raises NoReverseMatch."""
    return reverse(view, args=[_SLUG]).partition(f"{_SLUG}/")[2]


def missing_address(view: str, *args: object) -> Iterator[str]:
    """Report an unknown URL name; for the system check of an entry that names one."""
    try:
        reverse(view, args=args)
    except NoReverseMatch:
        yield f"no address is called {view!r}" + (f" and takes {', '.join(map(repr, args))}" if args else "")
