"""Update tickets when senders edit or delete messages: an edit needs an answer again, a deletion leaves the list."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from comms.models import Message
from crm.platform.models import Event
from tickets.merging.current_ticket import find_ticket_of
from tickets.models import Status, Ticket


def take_in_edited(edited: Sequence[Event]) -> None:
    """Make the ticket of an edited message wait for an answer again, unless it is closed."""
    for ticket, message in _tickets_of(edited):
        if ticket.status != Status.CLOSED and ticket.waiting_since is None:
            ticket.receive(message)


def hide_revoked(revoked: Sequence[Event]) -> None:
    """Remove a deleted message's text from the list, and from the subject derived from it."""
    for ticket, message in _tickets_of(revoked):
        ticket.lock()
        last_words = ""
        if message.revisions:
            last_words = " ".join(message.revisions[-1]["text"].split())
        if ticket.last_message_at == message.at:
            ticket.last_message_text = ""
        if last_words and last_words.startswith(ticket.subject.removesuffix(" …")):
            ticket.subject = _("Deleted message")
        ticket.save(update_fields=["last_message_text", "subject"])


def _tickets_of(events: Sequence[Event]) -> Iterator[tuple[Ticket, Message]]:
    messages = Message.objects.in_bulk({event.subject_id for event in events})
    for event in events:
        message = messages.get(event.subject_id)
        if message and (ticket := find_ticket_of(message)):
            yield ticket, message
