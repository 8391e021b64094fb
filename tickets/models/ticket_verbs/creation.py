"""Saving new tickets."""

from collections.abc import Sequence

from crm.jobs.clock.crossings import schedule
from crm.jobs.models import Side
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, NumberBlock
from tickets.models.clocked_ticket import ClockedTicket


def begin_tickets(tickets: Sequence[ClockedTicket], *, by: Member | None) -> None:
    """Save new tickets with one statement, number them and start our clock."""
    if not tickets:
        return
    for ticket in tickets:
        ticket._start_clock(Side.US, ticket._allowance())
    first = NumberBlock.objects.allocate_numbers("ticket", len(tickets))
    for number, ticket in enumerate(tickets, first):
        ticket.number = number
    type(tickets[0]).objects.bulk_create(tickets)
    schedule(tickets, clock.now())
    for ticket in tickets:
        ticket.promises.start_with([])
    facts = []
    for ticket in tickets:
        data = {}
        if ticket.source_medium:
            data = {"medium": ticket.source_medium}
        facts.append(EventDraft("ticket.created", ticket, data, ticket.event_job_id))
    events.record_all(facts, by=by)
