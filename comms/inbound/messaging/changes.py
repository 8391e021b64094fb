"""Edit or delete a message as its sender did in WhatsApp.

What it said before stays in `Message.revisions`, under the same retention, legal hold and erasure as the message. Of an
edited message the thread shows it; of a deleted one no page, search, export or interface does.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from comms.channels.interface import ReceivedRevocation, ReceivedText
from comms.gate.consent import opt_outs
from comms.inbound.inbound_result import InboundResult, ReadLater
from comms.inbound.messaging.senders import channel_at, known_by, stored_address
from comms.inbound.text_cleaning import clean_text
from comms.models import Channel, Direction, Inbound, Message
from comms.models.message import searchable_text
from comms.stored_words import stored_gettext as _
from crm.platform.events import events

# A message may be told of after its change: it is looked for so often.
LOOKS = 2
MOST_TEXT = 100_000
MOST_REVISIONS = 50


def edit_message(received: ReceivedText, channel: Channel | None, inbound: Inbound) -> InboundResult | None:
    """Replace the text of a message. None if it doesn't exist: the new text is then stored as a message.

    Raises Later for one that may be told of afterwards. Idempotent.
    """
    sender = received.sender or received.user_id
    message = _of_sender(known_by(channel, received.edits), sender, channel)
    if message is None and inbound.attempts < LOOKS:
        raise ReadLater
    if message is None:
        return None
    at = min(received.at or inbound.received_at, inbound.received_at)
    is_new = _replace_text(message, received.provider_id, at, clean_text(received.text, MOST_TEXT))
    if is_new:
        opt_outs.process_opt_out(message)
    return InboundResult("edited", "" if is_new else _("It was changed already."), message)


def receive_revocation(received: ReceivedRevocation, inbound: Inbound) -> InboundResult:
    """Remove a deleted message's text from every page. Raises ReadLater if it may still arrive."""
    channel = channel_at(received.medium, received.to, inbound.channel)
    sender = received.sender or received.user_id
    message = _of_sender(known_by(channel, received.about), sender, channel)
    if message is None and inbound.attempts < LOOKS:
        raise ReadLater
    if message is None:
        return InboundResult("nothing", _("They deleted a message that we do not have."))
    at = min(received.at or inbound.received_at, inbound.received_at)
    _revoke_message(message, received.provider_id, at)
    return InboundResult("deleted", "", message)


def _of_sender(message: Message | None, sender: str, channel: Channel | None) -> Message | None:
    """Return a message that its sender may change."""
    if message is None or message.direction != Direction.IN:
        return None
    if message.address == stored_address(sender, channel):
        return message
    return None


@transaction.atomic
def _replace_text(message: Message, change_id: str, at: datetime, text: str) -> bool:
    """Replace the text of a message unless deleted or changed later. Return whether it changed."""
    message.lock()
    if message.revoked_at or any(one["id"] == change_id for one in message.revisions):
        return False
    last = max((one["at"] for one in message.revisions), default="")
    if at.isoformat() < last or message.text == text:
        return False
    message.revisions = [*message.revisions, _build_revision(message, change_id, at)][-MOST_REVISIONS:]
    message.text = text
    message.search_text = searchable_text(message)
    message.save(update_fields=["text", "search_text", "revisions"])
    events.record("message.edited", subject=message, by=None, data={}, job_id=message.job_id)
    return True


@transaction.atomic
def _revoke_message(message: Message, change_id: str, at: datetime) -> None:
    message.lock()
    if message.revoked_at:
        return
    message.revisions = [*message.revisions, _build_revision(message, change_id, at)][-MOST_REVISIONS:]
    message.revoked_at = at
    message.text = ""
    message.folded_text = ""
    message.search_text = searchable_text(message)
    message.save(update_fields=["revoked_at", "text", "folded_text", "search_text", "revisions"])
    events.record("message.revoked", subject=message, by=None, data={}, job_id=message.job_id)


def _build_revision(message: Message, change_id: str, at: datetime) -> dict[str, Any]:
    return {"id": change_id, "at": at.isoformat(), "text": message.text}
