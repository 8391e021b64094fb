"""What became of something that arrived, in the words `receive_email` prints and the page of parked mail shows."""

from dataclasses import dataclass, field

from comms.mail.message import Bounce, Mail
from comms.models import Message


class Parked(Exception):
    """It can't be read, now or later; the reason is for a person."""


class Later(Exception):
    """It can't be read yet: what it is about may still be written."""


@dataclass
class Read:
    """What became of one thing: a mail, a text, a call, a report of a provider."""

    # ticket, reply, auto_reply, bounce, complaint, duplicate, loop, report, sent, internal.
    outcome: str
    reason: str = ""
    message: Message | None = None
    # What of the mail said that it answers something of ours: reply_token, in_reply_to, references.
    matched_by: str = ""
    mail: Mail | None = None
    bounce: Bounce | None = None
    # The text without quote and signature.
    visible: str = ""
    # Further messages of the same mail, in other mailboxes of ours.
    others: list["Read"] = field(default_factory=list)
