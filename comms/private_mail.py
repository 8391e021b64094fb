"""Keep what one member alone may read in step with what they share of their mailbox (docs/private-mail.md)."""

from typing import Any

from django.dispatch import Signal

from comms.models import Channel, Message

# Messages of a mailbox became, or ceased to be, its owner's alone: `channel`. What hangs off them follows.
readers_changed = Signal()


def follow_sharing(sender: Any, *, channel: Channel, **_more: Any) -> None:
    """Make a mailbox's messages its owner's alone, or everybody's, as its sharing now says."""
    reader_id = channel.sole_reader_id
    Message.objects.filter(channel=channel).update(sole_reader_id=reader_id)
    readers_changed.send(Channel, channel=channel)
