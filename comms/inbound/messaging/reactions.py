"""Store reactions on their message, as reported by WhatsApp or sent as text by phones.

A reaction is a mark and nobody's words: it confirms, stops and thanks nothing, and no clock hears of it.
"""

import re
from datetime import datetime

from django.db import transaction

from comms.channels.interface import ReceivedReaction
from comms.inbound.inbound_result import InboundResult, ReadLater
from comms.inbound.messaging.senders import channel_at, known_by, stored_address
from comms.inbound.text_cleaning import clean_text
from comms.language.quotations import TextReaction, begins_alike
from comms.models import Direction, Inbound, Medium, Message
from comms.stored_words import stored_gettext as _
from crm.platform.events import events

# What a message is that reports a reaction to none of our messages (Message.automatic).
REACTION = "reaction"
# So many of our last messages to a number may be quoted.
MOST_RECENT = 60
# A message may be told of after a reaction to it: it is looked for so often.
LOOKS = 2
# What a text must have that quotes us or reports a reaction.
MAY_QUOTE = re.compile(r"[>\"“”„«»‟]|\b(?:an?|your) (?:image|photo|picture|video|movie|attachment|sticker|audio)", re.I)
_TEXTS = (Medium.SMS, Medium.WHATSAPP)


def recent_messages(address: str) -> list[Message]:
    """Return our last texts and WhatsApp messages to a number, newest first."""
    ours = Message.objects.filter(address=address, medium__in=_TEXTS, direction=Direction.OUT)
    return list(ours.only("id", "tenant_id", "text", "reactions").order_by("-at", "-pk")[:MOST_RECENT])


def reacted_message(reaction: TextReaction, ours: list[Message]) -> Message | None:
    """Return the message a phone's reaction quotes; for a file, the last message with one."""
    if reaction.quoted:
        return next((each for each in ours if begins_alike(reaction.quoted, each.text)), None)
    with_files = Message.objects.filter(pk__in=[each.pk for each in ours], attachments__isnull=False)
    newest = with_files.order_by("-at", "-pk").first()
    return newest or next(iter(ours), None)


def receive_reaction(received: ReceivedReaction, inbound: Inbound) -> InboundResult:
    """Store or remove a reaction. Raises ReadLater if its message may still arrive."""
    channel = channel_at(received.medium, received.to, inbound.channel)
    message = known_by(channel, received.about)
    if message is None and inbound.attempts < LOOKS:
        raise ReadLater
    if message is None:
        return InboundResult("nothing", _("It reacts to no message we have."))
    address = stored_address(received.sender or received.user_id, channel)
    at = min(received.at or inbound.received_at, inbound.received_at)
    put_reaction(message, address, clean_text(received.sign, 40), at, name=clean_text(received.sender_name, 200))
    return InboundResult(REACTION, "", message)


@transaction.atomic
def put_reaction(message: Message, address: str, sign: str, at: datetime, *, name: str = "", words: str = "") -> None:
    """Store an address's reaction to a message, replacing an earlier one but not a later. Idempotent."""
    locked = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    before = locked.reactions.get(address)
    if before and before["at"] > at.isoformat():
        return
    locked.reactions[address] = {"sign": sign, "at": at.isoformat(), "name": name, "words": words}
    locked.save(update_fields=["reactions"])
    events.record("message.reacted", subject=locked, by=None, data={"sign": sign}, job_id=locked.job_id)
