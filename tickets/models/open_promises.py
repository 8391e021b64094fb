"""Which promises are open on a ticket, and from when each counts. No database, no present time.

Rule: docs/rules.md#tickets.
"""

from dataclasses import dataclass
from datetime import datetime

from tickets.models.metric import Metric
from tickets.models.status import OPEN_STATUSES


@dataclass(frozen=True)
class Standing:
    """What decides about a ticket's promises."""

    status: str
    created_at: datetime
    # The oldest message of theirs that is not answered.
    waiting_since: datetime | None = None
    first_reply_at: datetime | None = None
    # Our last answer by a person.
    replied_at: datetime | None = None
    is_merged: bool = False


def promised(standing: Standing) -> dict[Metric, datetime]:
    """Return the open promises, each with the instant it counts from; none of an ended or merged ticket (zammad#904).

    An answer is due to the oldest unanswered message, whoever has the ticket now: the first one ever is the first
    reply, which therefore begins once. An update is due since our last answer; the resolution since the beginning.
    """
    if standing.is_merged or standing.status not in OPEN_STATUSES:
        return {}
    made = {Metric.RESOLUTION: standing.created_at}
    if standing.waiting_since:
        made[Metric.NEXT_REPLY if standing.first_reply_at else Metric.FIRST_REPLY] = standing.waiting_since
    if standing.replied_at:
        made[Metric.UPDATE] = standing.replied_at
    return made
