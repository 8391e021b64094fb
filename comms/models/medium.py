"""Choices shared by channels, messages, templates and the gate: media, directions, purposes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Medium(models.TextChoices):
    """The way a message is transmitted."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
    WHATSAPP = "whatsapp", _("WhatsApp")
    CALL = "call", _("Call")
    PORTAL = "portal", _("Portal")


class Direction(models.TextChoices):
    """Whether the customer wrote or we did."""

    IN = "in", _("Received")
    OUT = "out", _("Sent")


class Purpose(models.TextChoices):
    """The purpose of a message, which decides the consent it needs and whether it is capped.

    Rules: docs/rules.md#k4, docs/rules.md#send-gate.
    """

    TRANSACTIONAL = "transactional", _("Transactional")
    SERVICE = "service", _("Service")
    MARKETING = "marketing", _("Marketing")
    SECURITY = "security", _("Security")
