"""Find the channel, message and customer of a text, WhatsApp message or reaction."""

from comms.addresses import is_whatsapp_user
from comms.channels.directory import channels_in_use
from comms.inbound.text_cleaning import clean_text
from comms.models import Channel, Message
from crm.kernel.normalization import normalize_phone
from crm.kernel.phone_variants import phone_variants
from crm.people.models import ContactPoint
from crm.people.senders import Sender, find_sender
from crm.platform.organization.configuration import directory


def channel_at(medium: str, address: str, channel: Channel | None) -> Channel | None:
    """Return the channel of a number, else the one whose webhook received it."""
    numbers = {one.address: one for one in channels_in_use() if one.medium == medium}
    return numbers.get(address) or numbers.get(normalize_phone(address, region_of(channel)) or "") or channel


def known_by(channel: Channel | None, provider_id: str) -> Message | None:
    """Return the message with a provider's ID."""
    message: Message | None = None
    if provider_id:
        message = Message.objects.filter(channel=channel, provider_id=provider_id[:200]).select_related("job").first()
    return message


def stored_address(sender: str, channel: Channel | None) -> str:
    """Return a number or WhatsApp ID as stored on messages: as on the customer's record, if there is one."""
    if is_whatsapp_user(sender):
        return sender
    value = normalize_phone(sender, region_of(channel))
    if value is None:
        return clean_text(sender, 254)
    return _customers_form(value)


def _customers_form(value: str) -> str:
    """Return a number in the form on a customer's record, else as received."""
    variants = phone_variants(value)
    if len(variants) == 1:
        return value
    stored = ContactPoint.objects.reached_at(*variants).order_by("pk").values_list("value", flat=True).first()
    return stored or value


def caller(number: str, name: str, channel: Channel | None, user_id: str = "") -> tuple[str, Sender]:
    """Return the stored form of a number or WhatsApp ID, and its owner; an alphanumeric sender has none.

    Who writes with a number and an ID is found by the ID as well from then on.
    """
    written = number or user_id
    address = stored_address(written, channel)
    said_name = clean_text(name, 200).strip()
    # Of who writes to one member alone no customer is made, whom everybody would see.
    may_create = not (channel and channel.sole_reader_id)
    if is_whatsapp_user(address):
        return address, find_sender(ContactPoint.PointKind.WHATSAPP, address, said_name, create=may_create)
    if normalize_phone(address, region_of(channel)) is None:
        return address, Sender(None, None, "")
    sender = find_sender(ContactPoint.PointKind.PHONE, address, said_name, create=may_create)
    if sender.person and is_whatsapp_user(user_id):
        point = {"person": sender.person, "kind": ContactPoint.PointKind.WHATSAPP, "value": user_id}
        ContactPoint.objects.get_or_create(**point, defaults={"source": "message"})
    return address, sender


def region_of(channel: Channel | None) -> str:
    """Return the country whose number format a channel's customers use."""
    brands = directory().brands
    if channel:
        return brands[channel.brand_id].country
    return directory().default_brand.country
