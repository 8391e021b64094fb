"""The matter of an answer on a ticket: who is written to, about what, and who may get a copy."""

from typing import Any

from comms.composer.matter import Matter
from comms.models import Message
from crm.platform.organization.configuration import directory
from tickets.inbox.usual_channel import usual_channel
from tickets.models import Entry, Ticket
from tickets.participants.visibility import copies, household


def matter_of(ticket: Ticket, *, url: str, back: str, about: str, **more: Any) -> Matter:
    """Return the matter of a ticket. `url`, `back`, `about` and `more` as a Matter has them."""
    message_ids = Entry.objects.filter(ticket=ticket, message__isnull=False).values("message_id")
    return Matter(
        ticket.subject or ticket.customer_name,
        directory().brands[ticket.brand_id],
        ticket.person,
        url,
        back,
        job=ticket.job,
        about=about,
        messages=Message.objects.filter(pk__in=message_ids),
        copies=copies(ticket),
        household=household(ticket),
        medium=usual_channel(ticket),
        mailbox_owner_id=ticket.sole_reader_id,
        **more,
    )
