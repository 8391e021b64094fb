"""System checks of messages: what a deployment must not have."""

from typing import Any

from django.conf import settings
from django.core import checks


def real_messages(**_: Any) -> list[checks.CheckMessage]:
    """Refuse a deployment whose messages would stay in the built-in mailbox and phone."""
    if settings.DEMO or settings.DEBUG:
        words = "Messages may run over the built-in mailbox and phone, which reach nobody."
        hint = "Unset CRM_DEMO and DEBUG: the provider “embedded” is refused then."
        return [checks.Error(words, hint=hint, id="comms.E001")]
    return []
