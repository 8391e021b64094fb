"""InboundResult: the outcome of an incoming item, as `receive_email` prints it and the parked page shows it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.dispatch import Signal

from comms.models import Inbound, Message
from libs.inbound_mail import Bounce, Mail


class InboundParked(Exception):
    """The item can't be read; the reason is shown to a member."""


class ReadLater(Exception):
    """The item can't be read yet: what it refers to may still be stored."""


class WaitsForMail(Exception):
    """The mail answers a stored mail that isn't read yet, and is read after it."""

    def __init__(self, unread: Inbound) -> None:
        super().__init__(unread.message_id)
        self.unread = unread


@dataclass
class InboundResult:
    """The outcome of one item: a mail, text, call or provider report."""

    # ticket, reply, auto_reply, bounce, complaint, duplicate, loop, report, sent, internal.
    outcome: str
    reason: str = ""
    message: Message | None = None
    # What it answers, and what said so: reply_token, in_reply_to, references, message_id, body_marker.
    answers: Message | None = None
    matched_by: str = ""
    mail: Mail | None = None
    bounce: Bounce | None = None
    # The text without quote and signature.
    visible: str = ""
    # Further messages of the same mail, in other mailboxes of ours.
    others: list["InboundResult"] = field(default_factory=list)


class MailPlacement(NamedTuple):
    """The ticket a mail is placed on (None for a new one), the evidence, and whether it continues it."""

    ticket: int | None
    matched_by: str
    goes_on: bool


# Sent with `reads`, none of which answers another, and `dry_run`: whether nothing is to be stored. The app that has the
# tickets answers it in its `handlers.py`, in the same transaction, with a Placed of each, or None for no ticket:
# messages don't know theirs.
mails_placed = Signal()
# Sent with `message`, not stored yet, `answers` and `by`, where its customer has several open leads: the app that has
# the tickets answers the lead of the one it will be on, or None.
lead_asked = Signal()
# Sent with `message`, not stored yet: an app above answers whether its sender is on an open conversation, so that it is
# not hidden as spam.
open_conversation_asked = Signal()
# Sent with `address`, the sender's, and `box`, that of ours it came to: an app above answers True for the mail of a
# service that it reads itself, such as the lead mail of a portal. It makes nobody a customer, and
# nobody waits for its answer.
notice_asked = Signal()
