"""Make messages of the texts and WhatsApp messages that providers deliver, each once by its provider's id."""

from django.utils.translation import gettext as _

from comms.channels.directory import channels_in_use
from comms.channels.interface import ReceivedText
from comms.gate.candidate import STAFF
from comms.gate.consent import opt_outs, suppressions
from comms.inbound import jobs
from comms.inbound.attachments import keep_file
from comms.inbound.clean import clean
from comms.inbound.media import fetch_later
from comms.inbound.outcome import Read
from comms.models import Channel, Direction, Inbound, Message
from comms.outbox.staff_texts import member_answering, point_elsewhere
from crm.kernel.normalization import phone
from crm.people.senders import Sender, find_sender
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

MOST_TEXT = 100_000


def receive_text(received: ReceivedText, inbound: Inbound) -> Read:
    """Store a text or WhatsApp message."""
    channel = channel_at(received.medium, received.to, inbound.channel)
    before = known_by(channel, received.provider_id)
    if before:
        return Read("duplicate", message=before)
    answered = known_by(channel, received.reply_to) if received.reply_to else None
    if member := _member(received, channel, answered):
        return _of_member(received, inbound, channel, member)
    address, sender = caller(received.sender, received.sender_name, channel)
    by = "reply_to" if answered else ""
    message = Message(
        brand_id=channel.brand_id if channel else directory().default_brand.pk,
        channel=channel,
        medium=received.medium,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        person=sender.person,
        contact_point=sender.point,
        address=address,
        address_name=clean(received.sender_name, 200),
        at=min(received.at or inbound.received_at, inbound.received_at),
        text=clean(received.text, MOST_TEXT),
        provider_id=clean(received.provider_id, 200),
        in_reply_to=clean(received.reply_to, 998),
        inbound=inbound,
    )
    message.job, why = jobs.job_of(message, answered, by)
    message.save()
    _keep_files(message, received)
    why = f"{sender.why} {why}".strip()
    told = {
        "medium": message.medium,
        "automatic": "",
        "matched_by": by,
        "answers": answered.pk if answered else None,
        "why": why,
    }
    events.record("message.received", subject=message, by=None, data=told, job_id=message.job_id)
    suppressions.lift_dead_address(message.address, _("They wrote to us from it"), medium=message.medium)
    opt_outs.hear(message)
    jobs.hear(message)
    return Read("reply" if answered else "ticket", why, message, answered, by)


def _keep_files(message: Message, received: ReceivedText) -> None:
    """Keep the files it brought, and have a worker fetch those it only points at."""
    for position, file in enumerate(received.files):
        if file.content:
            keep_file(message, position, file.name, file.media_type, file.content)
    if any(file.url and not file.content for file in received.files):
        fetch_later(message)


def _member(received: ReceivedText, channel: Channel | None, answered: Message | None) -> Member | None:
    number = phone(received.sender, _region(channel))
    return member_answering(number, received.medium, answered) if number else None


def _of_member(received: ReceivedText, inbound: Inbound, channel: Channel | None, member: Member) -> Read:
    """Store what a member answers to a text of ours: it begins nothing, and a STOP in it holds."""
    message = Message(
        brand_id=channel.brand_id if channel else directory().default_brand.pk,
        channel=channel,
        medium=received.medium,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        address=phone(received.sender, _region(channel)) or "",
        at=min(received.at or inbound.received_at, inbound.received_at),
        text=clean(received.text, MOST_TEXT),
        provider_id=clean(received.provider_id, 200),
        in_reply_to=clean(received.reply_to, 998),
        automatic=STAFF,
        author=member,
        inbound=inbound,
    )
    message.save()
    _keep_files(message, received)
    told = {"medium": message.medium, "automatic": STAFF}
    events.record("message.received", subject=message, by=member, data=told)
    if not opt_outs.hear(message).kind:
        point_elsewhere(message, member, has_files=bool(received.files))
    return Read("internal", _("%(name)s answered a text to members.") % {"name": member.name}, message)


def channel_at(medium: str, address: str, channel: Channel | None) -> Channel | None:
    """Return the channel of a number, else the one whose webhook brought it."""
    numbers = {each.address: each for each in channels_in_use() if each.medium == medium}
    return numbers.get(address) or numbers.get(phone(address, _region(channel)) or "") or channel


def known_by(channel: Channel | None, provider_id: str) -> Message | None:
    """Return the message that a provider calls so."""
    found: Message | None = None
    if provider_id:
        found = Message.objects.filter(channel=channel, provider_id=provider_id[:200]).select_related("job").first()
    return found


def caller(number: str, name: str, channel: Channel | None) -> tuple[str, Sender]:
    """Return a number as it is stored, and who has it; a sender of letters ("ALERTS") is nobody's."""
    value = phone(number, _region(channel))
    if value is None:
        return clean(number, 254), Sender(None, None, "")
    return value, find_sender("phone", value, clean(name, 200).strip())


def _region(channel: Channel | None) -> str:
    brands = directory().brands
    return brands[channel.brand_id].country if channel else directory().default_brand.country
