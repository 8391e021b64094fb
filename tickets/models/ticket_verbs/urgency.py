"""How urgent a ticket is: its priority, the policy's times, and snoozing. The caller has locked it."""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.clock.crossings import last_crossed
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.work import due
from tickets.models.clocked_ticket import ClockedTicket

# The Due that brings a snoozed ticket back.
WAKE = "ticket.wake"


def prioritize_ticket(ticket: ClockedTicket, priority: int, *, by: Member | None, cause: str) -> None:
    """Set the priority; the running clock gets its target, and may cross a threshold. Idempotent."""
    if ticket.priority == priority:
        return
    ticket.refuse_closed()
    seen = last_crossed([ticket])[ticket.pk]
    data = {"from": ticket.priority, "to": priority} | ({"cause": cause} if cause else {})
    ticket.priority = priority
    crossings = []
    if ticket.is_open:
        crossings = ticket._retarget(seen)
    ticket.save(update_fields=["priority", *ticket.CLOCK_COLUMNS])
    ticket._schedule_crossing()
    ticket._record("ticket.prioritized", by, data)
    events.record_all(crossings, by=None)


def follow_policy(ticket: ClockedTicket) -> None:
    """Apply the current policy's times. Idempotent."""
    if ticket.is_open:
        seen = last_crossed([ticket])[ticket.pk]
        crossings = ticket._retarget(seen)
        ticket.save(update_fields=ticket.CLOCK_COLUMNS)
        ticket._schedule_crossing()
        events.record_all(crossings, by=None)


def snooze_ticket(ticket: ClockedTicket, until: datetime, *, by: Member | None) -> None:
    """Hide an open ticket until a time. Idempotent."""
    if ticket.snoozed_until != until and ticket.is_open:
        ticket.snoozed_until = until
        ticket.save(update_fields=["snoozed_until"])
        due.schedule(WAKE, ticket.pk, until)
        ticket._record("ticket.snoozed", by, {"until": until.isoformat()})


def wake_ticket(ticket: ClockedTicket, *, by: Member | None) -> None:
    """Bring a snoozed ticket back into view. Idempotent."""
    if ticket.snoozed_until is not None:
        ticket.snoozed_until = None
        ticket.save(update_fields=["snoozed_until"])
        due.cancel(WAKE, [ticket.pk])
        ticket._record("ticket.woken", by, {})


def schedule_wake(tickets: Sequence[ClockedTicket]) -> None:
    """Schedule the end of snoozes among these tickets."""
    due.schedule_all(WAKE, [(ticket.pk, ticket.snoozed_until) for ticket in tickets if ticket.snoozed_until])


def wake_all(model: type[ClockedTicket], ids: Sequence[int]) -> None:
    """End the snoozes whose time has come."""
    for ticket in model.lock_all(model.objects.filter(pk__in=ids, snoozed_until__lte=clock.now())):
        wake_ticket(ticket, by=None)
