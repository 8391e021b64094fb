"""Count the posts a door refused lately, as a mistyped secret would lose leads silently."""

from django.core.cache import cache

from crm.kernel import clock
from crm.platform.organization.configuration import directory
from leads.models import IntakeDoor

# Longer than any day is, those on which the clocks go back among them.
_KEPT_SECONDS = 2 * 86_400


def note(door: IntakeDoor) -> None:
    """Count a post to a valid URL that was not authenticated."""
    key = _counter_key(door)
    cache.add(key, 0, timeout=_KEPT_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # evicted between the two calls
        cache.set(key, 1, timeout=_KEPT_SECONDS)


def lately(door: IntakeDoor) -> int:
    """Return the count for the organization's present day, as far as the cache has it."""
    return int(cache.get(_counter_key(door), 0))


def _counter_key(door: IntakeDoor) -> str:
    day = clock.now().astimezone(directory().zone).date()
    return f"intake-refused:{door.tenant_id}:{door.pk}:{day}"
