"""Actor: the base of Member. Below the events, so that the Tenant and the Member can record theirs."""

from typing import Any


class Actor:
    """Who an event says did something. Member is the only one; a User is none."""

    pk: Any
