"""Keep what a colleague wrote above a customer's mail that they passed on: as an internal note on its ticket."""

from comms.models import Message
from crm.platform.models import Member
from tickets.models import Entry, Ticket


def note_covers(message: Message, ticket: Ticket) -> None:
    """Write a note for each of the colleagues who passed a mail on with words of their own."""
    if not message.cover_notes:
        return
    members = Member.objects.in_bulk([member_id for member_id, _words in message.cover_notes])
    for member_id, words in message.cover_notes:
        if member_id in members:
            Entry.write(ticket, words, by=members[member_id])
