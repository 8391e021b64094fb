"""Keep private mail on tickets that only its reader sees (docs/private-mail.md)."""

from comms.models import Message
from tickets.matching.evidence import Match
from tickets.models import Entry, Ticket


def may_join(ticket: Ticket, message: Message) -> bool:
    """True if a message may be added to a ticket: both private to the same member, or both shared.

    On a ticket that the owner of a private mailbox has shared, what comes by that mailbox is everybody's as well.
    """
    return ticket.sole_reader_id == message.sole_reader_id or _is_shared_by_owner(ticket, message)


def _is_shared_by_owner(ticket: Ticket, message: Message) -> bool:
    if message.sole_reader_id is None or ticket.sole_reader_id is not None:
        return False
    shared = Entry.objects.of(ticket).filter(message__channel=message.channel_id, message__sole_reader=None)
    return bool(shared.exists())


def match_apart(message: Message, by: str, answers: Message) -> Match:
    """Return the match of a message that answers one on a ticket it may not join.

    A private mail goes on its reader's own ticket with the same correspondent. Anything else begins a ticket.
    """
    ticket = None
    if message.sole_reader_id:
        ticket = _own_ticket(message)
    if ticket:
        return Match(by, ticket, {"message": answers.pk})
    return Match()


def _own_ticket(message: Message) -> Ticket | None:
    """Return the newest open private ticket of a mail's reader with its sender."""
    own = Ticket.objects.open().filter(sole_reader=message.sole_reader_id, merged_into=None)
    if message.person_id:
        own = own.filter(person=message.person_id)
    else:
        own = own.filter(participants__address=message.address.lower())
    ticket: Ticket | None = own.order_by("-last_message_at", "-pk").first()
    return ticket
