"""Record the promises whose time has come, once each; an answer or a pause that comes first does so itself."""

from collections.abc import Sequence

from crm.kernel import clock
from crm.platform.work import due
from tickets.models import Ticket, TicketClock
from tickets.models.promises import MISS


@due.handler(MISS)
def record(clock_ids: Sequence[int]) -> None:
    """Mark those of these promises missed that are late; each event is recorded as it is written."""
    now = clock.now()
    of_these = TicketClock.objects.filter(pk__in=clock_ids).values("ticket_id")
    tickets = Ticket.lock_all(Ticket.objects.filter(pk__in=of_these))
    for ticket in tickets:
        for row in ticket.clocks_at_hand():
            row.miss_if_late(now)
    Ticket.save_parts(tickets)
