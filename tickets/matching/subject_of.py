"""Subject of a ticket that a message starts."""

from comms.message_sharing import sharing_of
from comms.models import Channel, Message

# Of a text without a subject so much is what its ticket is called.
_LONGEST = 60


def subject_of(message: Message) -> str:
    """Return a message's subject, else its first words, limited to what all viewers of the ticket may read."""
    if sharing_of(message) == Channel.Sharing.METADATA:
        return ""
    if message.subject or sharing_of(message) != Channel.Sharing.FULL:
        return message.subject
    words = " ".join(message.text[:400].split())
    if len(words) <= _LONGEST:
        return words
    return f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
