"""Save the message of an email, set an email aside, and find copies that are stored already."""

from django.db.models import Q

from comms.inbound.attachments import keep_parts
from comms.inbound.email_threading import with_brackets
from comms.inbound.mail.arrived_mail import ArrivedMail
from comms.inbound.mail.mail_message import build_message
from comms.inbound.mailboxes import mailboxes_of
from comms.inbound.screening.copies import is_same_mail
from comms.inbound.text_cleaning import clean_text
from comms.models import Channel, Direction, Message
from crm.people.senders import Sender
from crm.platform.events import events


def save_mail(message: Message, arrived: ArrivedMail, kind: str, why: str) -> None:
    """Save the message with its files, and record an event without personal data."""
    message.save()
    keep_parts(message, arrived.mail.attachments)
    if arrived.calendar:
        arrived.calendar.keep(message)
    back = arrived.verdict.returns_on
    data = {
        "medium": message.medium,
        "automatic": message.automatic,
        "returns_on": back.isoformat() if back else None,
        "matched_by": arrived.answered.by,
        "answers": arrived.answered.message.pk if arrived.answered.message else None,
        "why": why,
    }
    events.record(kind, subject=message, by=message.author, data=data, job_id=message.job_id)


def set_aside_mail(arrived: ArrivedMail, kind: str, reason: str, box: Channel | None = None) -> None:
    """Store a mail that needs no answer on the set-aside page: a loop, a copy, a report."""
    if Message.objects.filter(inbound=arrived.inbound).exists():  # it is read again
        return
    box = box or mailboxes_of(arrived.mail, arrived.recipients, arrived.inbound.channel)[0]
    message = build_message(arrived, box, arrived.sender, Sender(None, None, ""), Direction.IN)
    message.automatic = kind
    if kind in ("loop", "duplicate"):
        # Another message has its Message-ID, and is found by it.
        message.references = f"{message.references} {message.message_id}".strip()
        message.message_id = ""
    save_mail(message, arrived, "message.set_aside", reason)


def find_stored_copy(box: Channel | None, arrived: ArrivedMail) -> Message | None:
    """Return the stored copy of a mail in a mailbox, with the same sender and content."""
    namesakes = same_id_messages(box, arrived)
    if not namesakes:
        return None
    message = build_message(arrived, box, arrived.sender, Sender(None, None, ""), Direction.IN)
    parts = arrived.mail.attachments
    return next((stored for stored in namesakes if is_same_mail(message, stored, parts)), None)


def same_id_messages(box: Channel | None, arrived: ArrivedMail) -> list[Message]:
    """Return the stored mails of a mailbox with the same Message-ID and sender or author."""
    if not arrived.is_known:
        return []
    theirs = Q()
    for one in (arrived.sender, arrived.origin):
        theirs |= Q(address__iexact=clean_text(one.address if one else "", 254))
    copies = Message.objects.filter(
        channel=box, message_id=with_brackets(arrived.mail.message_id), direction=Direction.IN
    )
    return list(copies.filter(theirs).order_by("pk"))
