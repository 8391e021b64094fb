"""Status and Outcome of a follow-up, and the act of the customer that completes it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FollowUpStatus(models.TextChoices):
    """The states of a follow-up. Overdue is not one: it is derived, as the work still has to be done.

    Rule: docs/rules.md#k8.
    """

    PENDING = "pending", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class FollowUpOutcome(models.TextChoices):
    """How a completed follow-up ended."""

    SUCCESSFUL = "successful", _("Successful")
    NO_ANSWER = "no_answer", _("No answer")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    WRONG_TIME = "wrong_time", _("Wrong time")
    NOT_NEEDED = "not_needed", _("Not needed")


class CustomerAct(models.TextChoices):
    """The acts of a customer that complete a follow-up. The opening of an email is none.

    Rule: docs/rules.md#k6.
    """

    ANSWER = "answer", _("when they answer")
    LOOK = "look", _("when they answer or look at what we sent")
