"""Recalculate the response times of open tickets after policies, or attributes they depend on, changed."""

from collections.abc import Sequence

from crm.jobs.clock import recalculation
from crm.platform.models import Event
from tickets.models import Ticket

# Edits of policies: any may change which policy holds for any open ticket.
POLICY_EVENTS = (
    *(f"sla_policy.{what}" for what in ("added", "edited", "moved", "archived", "restored")),
    *("tag.merged", "tag.taken_apart"),
)
# What may bring a ticket under another policy; of a priority the verb does so itself.
TICKET_EVENTS = ("ticket.team_changed", "ticket.person_changed", "ticket.role_changed", "ticket.tagged")


def after_policy(_changes: Sequence[Event]) -> None:
    """Schedule all open tickets."""
    recalculation.lay(Ticket, recalculation.RETARGET, Ticket.objects.open())


def after_ticket(changes: Sequence[Event]) -> None:
    """Schedule the tickets that were changed."""
    changed = {event.subject_id for event in changes}
    recalculation.lay(Ticket, recalculation.RETARGET, Ticket.objects.open().filter(pk__in=changed))
