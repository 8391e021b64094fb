"""Actor: who may have done something. Below the events, so that the Tenant and the Member can record theirs."""

from typing import Any


class Actor:
    """Somebody an event names as its actor. Member is the only one; a User is none."""

    pk: Any
