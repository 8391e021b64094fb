"""Fallback of a failed message: the brand's next channel, and a call if none is left."""

from django.utils.translation import gettext as _

from comms.models import Channel, Message, Purpose, SenderProfile
from comms.models.template import WRITTEN
from comms.outbox.by_template import point_of
from crm.kernel import clock


def go_on(message: Message) -> None:
    """Send the text on the next channel that brand and person have; else put the customer on the call list.

    Advertising that failed is no reason to call, and a code nobody may tell by telephone.
    """
    tried = _tried_media(message)
    profile = SenderProfile.objects.filter(brand_id=message.brand_id).first()
    order = []
    if profile and message.person_id:
        order = profile.fallback.get(message.purpose, [])
    for medium in order:
        if medium not in tried and medium in WRITTEN and _send_by(medium, message):
            return
    if message.purpose not in (Purpose.MARKETING, Purpose.SECURITY):
        first = message
        while first.instead_of is not None:
            first = first.instead_of
        first.call_wanted_at = clock.now()
        first.save(update_fields=["call_wanted_at"])
        first.record_event("message.call_wanted", None)


def _tried_media(message: Message) -> set[str]:
    media = set()
    each = message
    while True:
        media.add(each.medium)
        if each.instead_of is None:
            return media
        each = each.instead_of


def _send_by(medium: str, message: Message) -> bool:
    """Queue the message on another medium, through the gate. False if it can't be."""
    channels = Channel.objects.in_use().of_brands().filter(brand_id=message.brand_id, medium=medium)
    # The one for the same use, if there is one.
    channel = next(iter(sorted(channels, key=lambda each: (each.role != _role_for(message), each.pk))), None)
    point = point_of(message.person_id, medium)
    if channel is None or point is None or not message.text.strip():
        return False
    Message.queue(
        channel=channel,
        address=point.value,
        contact_point=point,
        by=message.author,
        instead_of=message,
        # What it is for, and so whether it may go out by itself, is the template's to say on this channel, too.
        template_version=message.template_version,
        person=message.person,
        job=message.job,
        purpose=message.purpose,
        text=message.text,
        subject=message.subject or _("A message from %(brand)s") % {"brand": message.brand.name},
        language=message.language,
        useful_until=message.useful_until,
        automatic=message.automatic,
        address_name=message.address_name,
    )
    return True


def _role_for(message: Message) -> str:
    if message.channel:
        return message.channel.role
    return ""
