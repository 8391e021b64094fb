"""How long a ticket may wait for us, or for its customer: by its priority (S2's matrix of 1, 4, 24 and 48 hours)."""

from crm.jobs.models import Priority
from crm.jobs.pipelines.setup import Allowance
from crm.platform.organization.configuration import directory

HOUR = 3600
# Working hours in which we answer.
OURS = {Priority.URGENT: 1, Priority.HIGH: 4, Priority.NORMAL: 24, Priority.LOW: 48}
# Calendar hours after which we ask a customer again.
THEIRS = 72


def allowance(*, brand_id: int, priority: int, theirs: bool = False) -> Allowance:
    """Return the seconds a ticket may wait, and the calendar they are counted by."""
    if theirs:
        return Allowance(THEIRS * HOUR, None)
    return Allowance(OURS[Priority(priority)] * HOUR, directory().calendar_of(brand_id))
