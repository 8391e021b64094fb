"""How much of a message from a member's own mailbox other members may read."""

from comms.models import Channel, Message
from crm.platform.models import Member


def sharing_of(message: Message) -> str:
    """Return the Channel.Sharing that applies to every member who may see the message.

    A message from a private mailbox that its owner shared is shared in full.
    """
    channel = message.channel
    if channel is None or channel.owner_id is None or channel.sharing == Channel.Sharing.PRIVATE:
        return Channel.Sharing.FULL
    return channel.sharing


def sharing_for(message: Message, member: Member) -> str:
    """Return the Channel.Sharing that applies to one member: full for its owner, its author and its sole reader."""
    if message.sole_reader_id:
        if message.sole_reader_id == member.pk:
            return Channel.Sharing.FULL
        return Channel.Sharing.PRIVATE
    channel = message.channel
    if channel is None or channel.owner_id == member.pk or message.author_id == member.pk:
        return Channel.Sharing.FULL
    return sharing_of(message)
