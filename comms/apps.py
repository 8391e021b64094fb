"""The comms app: messages on every channel, how they arrive, how they leave, and why one was sent or was not."""

from django.core import checks

from comms.checks import real_messages
from crm.platform import features


class CommsConfig(features.AppConfig):
    name = "comms"
    verbose_name = "Messages and channels"

    def ready(self) -> None:
        checks.register(real_messages, deploy=True)
