"""Update the sole reader of messages when a mailbox's sharing changes (docs/private-mail.md)."""

from typing import Any

from django.dispatch import Signal

from comms.models import Channel, Message

# Messages of a mailbox became, or ceased to be, its owner's alone: `channel`. What hangs off them follows.
readers_changed = Signal()
# Messages of a disconnected mailbox are about to be removed: `ids`. What hangs off them goes first.
messages_removing = Signal()


def follow_sharing(sender: Any, *, channel: Channel, **_more: Any) -> None:
    """Make a mailbox's messages private or visible, according to its sharing."""
    reader_id = channel.sole_reader_id
    Message.objects.filter(channel=channel).update(sole_reader_id=reader_id)
    readers_changed.send(Channel, channel=channel)
