"""Choices of updates: state, kind, and how the customer saw it."""

from django.db import models
from django.utils.translation import gettext_lazy


class UpdateState(models.TextChoices):
    DRAFT = "draft", gettext_lazy("To approve")
    APPROVED = "approved", gettext_lazy("Being sent")
    SENT = "sent", gettext_lazy("Sent")
    SKIPPED = "skipped", gettext_lazy("Skipped")


class UpdateKind(models.TextChoices):
    REGULAR = "regular", gettext_lazy("Regular update")
    TAKE_OFF = "take_off", gettext_lazy("The work could not begin")


class SeenBy(models.TextChoices):
    VISIT = "visit", gettext_lazy("on their page")
    CLICK = "click", gettext_lazy("by the link in it")
    REPLY = "reply", gettext_lazy("they answered")


# A draft, or one that leaves in a moment.
OPEN = ("draft", "approved")
