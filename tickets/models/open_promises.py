"""Compute a ticket's open promises and the start of each. No database, no current time.

Rule: docs/rules.md#tickets.
"""

from dataclasses import dataclass
from datetime import datetime

from tickets.models.metric import Metric
from tickets.models.status import OPEN_STATUSES


@dataclass(frozen=True)
class PromiseState:
    """The columns of a ticket that decide which promises are open."""

    status: str
    created_at: datetime
    # The oldest message of theirs that is not answered.
    waiting_since: datetime | None = None
    first_reply_at: datetime | None = None
    # Our last answer by a person.
    replied_at: datetime | None = None
    is_merged: bool = False


def open_promises(ticket: PromiseState) -> dict[Metric, datetime]:
    """Return the open promises, each with its start; none for an ended or merged ticket (zammad#904).

    An answer is due to the oldest unanswered message, whoever has the ticket now: the first one ever is the first
    reply, which therefore begins once. An update is due since our last answer; the resolution since the beginning.
    """
    if ticket.is_merged or ticket.status not in OPEN_STATUSES:
        return {}
    promises = {Metric.RESOLUTION: ticket.created_at}
    if ticket.waiting_since:
        if ticket.first_reply_at:
            promises[Metric.NEXT_REPLY] = ticket.waiting_since
        else:
            promises[Metric.FIRST_REPLY] = ticket.waiting_since
    if ticket.replied_at:
        promises[Metric.UPDATE] = ticket.replied_at
    return promises
