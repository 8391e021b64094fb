"""The current ticket of a message: that of its entry, following merges and continuations of closed tickets."""

from comms.models import Message
from tickets.models import Entry, Ticket

# A chain of merges or continuations longer than this is a mistake.
_MOST_STEPS = 50


def find_ticket_of(message: Message) -> Ticket | None:
    """Return the current ticket of a message; None if it is on none."""
    entry = Entry.objects.filter(message=message).select_related("ticket").first()
    if entry:
        return current_ticket(entry.ticket)
    return None


def current_ticket(ticket: Ticket) -> Ticket:
    """Return the current ticket for this one: its merge target, or the open one that continues it."""
    for _step in range(_MOST_STEPS):
        following = _next_ticket(ticket)
        if following is None:
            break
        ticket = following
    return ticket


def lock_current_ticket(ticket: Ticket) -> Ticket:
    """Lock the current ticket for this one; waits for a concurrent merge."""
    while True:
        ticket = current_ticket(ticket)
        ticket.lock()
        if _next_ticket(ticket) is None:
            return ticket


def _next_ticket(ticket: Ticket) -> Ticket | None:
    if ticket.merged_into_id:
        return ticket.merged_into
    if ticket.is_open or ticket.solved_at is None:
        return None
    # One that was split off it began before it ended.
    later = Ticket.objects.filter(continues=ticket, created_at__gte=ticket.solved_at).order_by("-pk")
    following: Ticket | None = later.first()
    return following
