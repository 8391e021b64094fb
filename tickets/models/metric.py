"""Metric: response times promised for a ticket, each with its own clock (docs/rules.md#tickets)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """Promised response times; the order decides between equal due dates."""

    FIRST_REPLY = "first_reply", _("First reply")
    NEXT_REPLY = "next_reply", _("Next reply")
    UPDATE = "update", _("Periodic update")
    RESOLUTION = "resolution", _("Resolution")


# Besides the promises: our move with nothing promised, and the customer's, after which we ask again.
OURS = "ours"
THEIRS = "theirs"
# What an answer of ours keeps.
ANSWERED = (Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.UPDATE)
