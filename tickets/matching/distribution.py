"""Give tickets on which messages came in to members: new ones by the rules, those of an absent member to another."""

from collections.abc import Iterable

from crm.jobs.assignment.absences import relieve
from crm.jobs.assignment.engine import assign
from crm.jobs.assignment.wake import drain_soon
from tickets.assignment import KIND
from tickets.models import Entry, Ticket

# Of a batch more are left to the queue, which gives out many at once.
_AT_ONCE = 5


def give_out(entries: Iterable[Entry | None]) -> None:
    """See to it that what waits is with somebody who is there. Called last: it locks the policy of tickets."""
    tickets = list({entry.ticket_id: entry.ticket for entry in entries if entry}.values())
    for ticket in tickets:
        if ticket.member_id and ticket.waiting_since:
            relieve(KIND, ticket)
    nobodys = [ticket for ticket in tickets if ticket.member_id is None and ticket.is_open]
    if len(nobodys) > _AT_ONCE:
        drain_soon(KIND)
        return
    for ticket in sorted(nobodys, key=_due):
        assign(KIND, ticket)


def _due(ticket: Ticket) -> tuple[object, ...]:
    return ticket.level, ticket.sort_at, ticket.pk
