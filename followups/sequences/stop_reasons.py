"""StopReason: why a member stops an enrolment. Chosen from a list, so that no text about a customer is stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StopReason(models.TextChoices):
    """Why a member stops an enrolment."""

    HANDLED = "handled", _("I am taking care of it myself")
    NOT_NEEDED = "not_needed", _("it is no longer needed")
    MISTAKE = "mistake", _("it was started by mistake")
    WISH = "wish", _("the customer does not want it")


def stop_reason_text(code: str) -> str:
    """Return the label of a stored reason; blank for none."""
    if code in StopReason.values:
        return str(StopReason(code).label)
    return ""
