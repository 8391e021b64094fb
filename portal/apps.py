"""The portal app: what a customer sees of their jobs, and the updates they are sent."""

from crm.platform import features


class PortalConfig(features.AppConfig):
    name = "portal"
    verbose_name = "Portal"
