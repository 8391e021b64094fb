"""Rows visible to a member through a visible conversation: messages, files and their frames."""

from django.db.models import Exists, OuterRef

from comms.visibility import MessageGrant
from crm.platform.models import Member
from tickets.models import Entry, Ticket


def on_visible_tickets(member: Member) -> Exists:
    """Return the condition that a message is on a ticket the member may see."""
    seen = Ticket.objects.visible_to(member).order_by()
    return Exists(Entry.objects.filter(message_id=OuterRef("pk"), ticket__in=seen.values("pk")))


GRANT = MessageGrant(on_visible_tickets)
