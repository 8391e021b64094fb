"""Store the texts and WhatsApp messages of providers, once per provider ID."""

from dataclasses import dataclass

from comms.channels.interface import ReceivedText
from comms.gate.candidate import STAFF
from comms.gate.consent import opt_outs, suppressions
from comms.inbound import jobs
from comms.inbound.attachments import keep_file
from comms.inbound.inbound_result import InboundResult
from comms.inbound.media import fetch_later
from comms.inbound.messaging.changes import edit_message
from comms.inbound.messaging.reactions import MAY_QUOTE, REACTION, put_reaction, reacted_message, recent_messages
from comms.inbound.messaging.senders import caller, channel_at, known_by, region_of, stored_address
from comms.inbound.text_cleaning import clean_text
from comms.language.quotations import TextReaction, part_quotations, read_reaction
from comms.models import Channel, Direction, Inbound, Message
from comms.outbox.staff_texts import member_answering, point_elsewhere
from comms.stored_words import stored_gettext as _
from crm.kernel.normalization import normalize_phone
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

MOST_TEXT = 100_000
# So much of a text is looked through for quotations.
MOST_QUOTING = 4000


def receive_text(received: ReceivedText, inbound: Inbound) -> InboundResult:
    """Store a text or WhatsApp message; a reaction sent as text is stored on its message."""
    channel = channel_at(received.medium, received.to, inbound.channel)
    before = known_by(channel, received.provider_id)
    if before:
        return InboundResult("duplicate", message=before)
    if received.edits and (edited := edit_message(received, channel, inbound)):
        return edited
    answered = None
    if received.reply_to:
        answered = known_by(channel, received.reply_to)
    if member := _member_writing(received, channel, answered):
        return _of_member(received, inbound, channel, member)
    quoting = _read_quotations(received, channel)
    if quoting.reaction and quoting.about:
        return _store_reaction(received, inbound, channel, quoting)
    return _store_text(received, inbound, channel, answered, quoting)


@dataclass(frozen=True)
class Quoting:
    """A text split into its own words, the quotation, and the reaction it reports."""

    own: str
    quoted: str = ""
    reaction: TextReaction | None = None
    # The message of ours that they reacted to.
    about: Message | None = None


def _read_quotations(received: ReceivedText, channel: Channel | None) -> Quoting:
    text = clean_text(received.text, MOST_TEXT)
    if not MAY_QUOTE.search(text[:MOST_QUOTING]):
        return Quoting(text)
    ours = recent_messages(stored_address(received.sender or received.user_id, channel))
    texts = [message.text for message in ours]
    if (reaction := read_reaction(text, texts)) and not received.files:
        return Quoting(text, "", reaction, reacted_message(reaction, ours))
    own, quoted = part_quotations(text, texts)
    # Who only quotes says something by it: a person reads it.
    if own:
        return Quoting(own, quoted)
    return Quoting(text)


def _store_reaction(
    received: ReceivedText, inbound: Inbound, channel: Channel | None, quoting: Quoting
) -> InboundResult:
    """Store a reaction that a phone sent as text."""
    reaction = quoting.reaction
    about = quoting.about
    if reaction is None or about is None:
        raise ValueError("no reaction to a message of ours")
    address = stored_address(received.sender or received.user_id, channel)
    at = min(received.at or inbound.received_at, inbound.received_at)
    if reaction.is_removed:
        sign = ""
    else:
        sign = reaction.sign
    if reaction.is_removed or sign:
        words = ""
    else:
        words = quoting.own.replace(reaction.quoted, "…")[:80]
    put_reaction(about, address, sign, at, name=clean_text(received.sender_name, 200), words=words)
    return InboundResult(REACTION, _("It reacts to a message of ours."), about)


def _store_text(
    received: ReceivedText, inbound: Inbound, channel: Channel | None, answered: Message | None, quoting: Quoting
) -> InboundResult:
    """Store a customer's message and act on its requests."""
    address, sender = caller(received.sender, received.sender_name, channel, received.user_id)
    by = ""
    if answered:
        by = "reply_to"
    message = Message(
        brand_id=channel.brand_id if channel else directory().default_brand.pk,
        channel=channel,
        medium=received.medium,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        person=sender.person,
        contact_point=sender.point,
        address=address,
        address_name=clean_text(received.sender_name, 200),
        at=min(received.at or inbound.received_at, inbound.received_at),
        text=quoting.own,
        folded_text=quoting.quoted,
        automatic=REACTION if quoting.reaction else "",
        referral=_referral_fields(received),
        provider_id=clean_text(received.provider_id, 200),
        in_reply_to=clean_text(received.reply_to, 998),
        inbound=inbound,
    )
    message.job, why = jobs.job_of(message, answered, by)
    message.save()
    _keep_files(message, received)
    why = f"{sender.why} {why}".strip()
    data = {
        "medium": message.medium,
        "automatic": message.automatic,
        "matched_by": by,
        "answers": answered.pk if answered else None,
        "why": why,
    }
    events.record("message.received", subject=message, by=None, data=data, job_id=message.job_id)
    suppressions.lift_dead_address(message.address, _("They wrote to us from it"), medium=message.medium)
    opt_outs.process_opt_out(message, asked=received.asked)
    if not message.automatic:
        jobs.record_customer_message(message)
    return InboundResult("reply" if answered else "ticket", why, message, answered, by)


def _referral_fields(received: ReceivedText) -> dict[str, str]:
    """Return the stored fields of the advertisement a message was written from."""
    referral = received.referral
    if referral is None:
        return {}
    fields = {"headline": referral.headline, "url": referral.url, "id": referral.source_id, "kind": referral.kind}
    return {name: clean_text(value, 300) for name, value in fields.items() if value}


def _keep_files(message: Message, received: ReceivedText) -> None:
    """Store the files of a message, and schedule the fetch of linked ones."""
    for position, file in enumerate(received.files):
        if file.content:
            keep_file(message, position, file.name, file.media_type, file.content)
    if any(file.url and not file.content for file in received.files):
        fetch_later(message)


def _member_writing(received: ReceivedText, channel: Channel | None, answered: Message | None) -> Member | None:
    number = normalize_phone(received.sender, region_of(channel))
    if number:
        return member_answering(number, received.medium, answered)
    return None


def _of_member(received: ReceivedText, inbound: Inbound, channel: Channel | None, member: Member) -> InboundResult:
    """Store a member's reply to a text of ours: it opens no ticket; a STOP in it counts."""
    message = Message(
        brand_id=channel.brand_id if channel else directory().default_brand.pk,
        channel=channel,
        medium=received.medium,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        address=normalize_phone(received.sender, region_of(channel)) or "",
        at=min(received.at or inbound.received_at, inbound.received_at),
        text=clean_text(received.text, MOST_TEXT),
        provider_id=clean_text(received.provider_id, 200),
        in_reply_to=clean_text(received.reply_to, 998),
        automatic=STAFF,
        author=member,
        inbound=inbound,
    )
    message.save()
    _keep_files(message, received)
    data = {"medium": message.medium, "automatic": STAFF}
    events.record("message.received", subject=message, by=member, data=data)
    if not opt_outs.process_opt_out(message).kind:
        point_elsewhere(message, member, has_files=bool(received.files))
    return InboundResult("internal", _("%(name)s answered a text to members.") % {"name": member.name}, message)
