"""How many posts a door refused lately, for who sets it up: a secret that was mistyped loses leads without a word."""

from crm.web.requests.throttle import count, counted
from leads.models import IntakeDoor

_ACTION, _DAY = "intake-refused", 86400


def note(door: IntakeDoor) -> None:
    """Note that a post to the right address could not prove itself."""
    count(_of(door), _ACTION, _DAY)


def lately(door: IntakeDoor) -> int:
    """Return how many did not on this day, as far as the cache remembers."""
    return counted(_of(door), _ACTION, _DAY)


def _of(door: IntakeDoor) -> str:
    return f"{door.tenant_id}:{door.pk}"
