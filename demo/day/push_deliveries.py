"""Create the demo's push deliveries of the last days, which the page of this device counts."""

from datetime import datetime, timedelta

from crm.platform.models import Role
from crm.platform.organization.configuration import directory
from crm.web.models import PushDelivery

# Of each rep: how many days and seconds ago a notice came up and waited, and what the push service said.
DELIVERIES = [
    *((days, seconds, "") for days, seconds in ((6, 21), (5, 22), (5, 23), (3, 21), (2, 24), (1, 21))),
    (4, 480, "It answered 503"),
]


def create_deliveries(now: datetime) -> None:
    """Create some for each rep, inside the tenant."""
    reps = [row for row in directory().members.values() if row.active and row.role == Role.REP]
    for rep in reps:
        for days, seconds, problem in DELIVERIES:
            at = now - timedelta(days=days)
            since = at - timedelta(seconds=seconds)
            PushDelivery.record(
                rep.pk, device="Chrome, Android", notices=1, last_notice=0, since=since, at=at, problem=problem
            )
