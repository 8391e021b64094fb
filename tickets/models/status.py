"""Status of a ticket (docs/rules.md#k5), and whose move it is in each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Side


class Status(models.TextChoices):
    """Status of a ticket. `new` ends with our first action and never returns."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Waiting on the customer")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


OPEN_STATUSES = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)
# Whose move it is, which chooses the clock; an ended ticket's clock is stopped.
SIDES = {
    Status.NEW: Side.US,
    Status.OPEN: Side.US,
    Status.PENDING: Side.CUSTOMER,
    Status.ON_HOLD: Side.PAUSED,
}
# The steps of a ticket's bar, by the numbers that `Ticket.past` keeps.
STEPS = {Status.NEW: 1, Status.OPEN: 2, Status.PENDING: 3, Status.ON_HOLD: 4, Status.SOLVED: 5, Status.CLOSED: 6}
