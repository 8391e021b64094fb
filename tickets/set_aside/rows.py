"""Rows of messages set aside: sender, subject, and the reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comms.message_sharing import sharing_for
from comms.models import Channel, Message
from comms.models.message import SPAM
from crm.platform.models import Member
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader
from tickets.set_aside.set_aside_list import REASONS

LONGEST = 140
_WITH_SUBJECT = (Channel.Sharing.SUBJECT, Channel.Sharing.FULL)


@dataclass(frozen=True)
class SetAsideRow:
    """A row of the list of messages set aside."""

    message: Message
    name: str
    about: str
    reason: str
    # How it is known, as the reading of the mail said; "" where a colleague's mailbox does not show that much.
    detail: str
    when: str
    mailbox: str
    may_read: bool

    @property
    def is_spam(self) -> bool:
        return self.message.automatic == SPAM


def set_aside_rows(messages: Iterable[Message], member: Member, reader: Reader) -> Iterator[SetAsideRow]:
    """Build rows of messages; mailbox and raw mail are loaded with them."""
    for message in messages:
        sharing = sharing_for(message, member)
        about = message.subject or " ".join(message.text[: 2 * LONGEST].split())
        yield SetAsideRow(
            message,
            message.address_name or readable_address(message.address),
            about[:LONGEST] if sharing in _WITH_SUBJECT else "",
            str(REASONS.get(message.automatic, message.automatic)),
            _detail_words(message) if sharing in _WITH_SUBJECT else "",
            reader.near(message.at),
            message.channel.address if message.channel else "",
            sharing == Channel.Sharing.FULL,
        )


def _detail_words(message: Message) -> str:
    if message.inbound:
        return message.inbound.reason_text
    return ""
