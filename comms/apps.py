"""The comms app: messages on every channel, how they are received and sent, and why one was not sent."""

from typing import Any

from django.conf import settings
from django.core import checks

from crm.platform import features


def real_messages(**_: Any) -> list[checks.CheckMessage]:
    """Refuse a deployment whose messages would stay in the built-in mailbox and phone."""
    if settings.DEMO or settings.DEBUG:
        words = "Messages may run over the built-in mailbox and phone, which reach nobody."
        hint = "Unset CRM_DEMO and DEBUG: the provider “embedded” is refused then."
        return [checks.Error(words, hint=hint, id="comms.E001")]
    return []


class CommsConfig(features.AppConfig):
    name = "comms"
    verbose_name = "Messages and channels"

    def ready(self) -> None:
        checks.register(real_messages, deploy=True)
