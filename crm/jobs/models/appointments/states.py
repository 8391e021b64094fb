"""The states of an appointment, and the outcomes of one that took place."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentState(models.TextChoices):
    PLANNED = "planned", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Nobody there")


class AppointmentOutcome(models.TextChoices):
    SUCCESSFUL = "successful", _("Done as planned")
    PARTLY = "partly", _("Partly done")
    NOT_POSSIBLE = "not_possible", _("Could not be done")
