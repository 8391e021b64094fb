"""The comms app: messages on every channel, how they arrive, how they leave, and why one was sent or was not."""

from crm.platform import features


class CommsConfig(features.AppConfig):
    name = "comms"
    verbose_name = "Messages and channels"
