"""Text and WhatsApp messages to members, from the organization's number, through outbox and gate.

By WhatsApp only as a template that Meta has approved, as nobody knows when a member last wrote there.

What they answer is theirs and no customer's: it is kept with its writer, who finds it, pictures included, where their
notices are set up; and they are told once a day where to go on.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.channels.directory import channels_in_use
from comms.gate.candidate import STAFF
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.models import Channel, Direction, Medium, Message, Purpose, TemplateVersion
from comms.outbox.notice_template import NOTICE_TEMPLATE, NOTICE_TEXT
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.models import StaffNumber
from crm.web.notices.delivery.texts import SMS, WHATSAPP, TextReply, TextSender

# Who answers a text of ours does so within this, and is told so often where to go on.
_SINCE = timedelta(days=30)
_AGAIN = timedelta(days=1)
# So many of a member's answers are shown to them.
_SHOWN = 10


def _staff_channel() -> Channel | None:
    """Return the channel for texts to members."""
    return next(iter(_staff_channels(Medium.SMS)), None)


def _staff_channels(medium: str) -> list[Channel]:
    """Return the channels for messages to members, the default brand's first; never a member's own."""
    channels = [one for one in channels_in_use() if one.medium == medium and one.owner_id is None and not one.problem]
    return sorted(channels, key=lambda one: (one.brand_id != directory().default_brand.pk, one.pk))


def _queue_text(number: str, text: str, key: str, is_code: bool) -> None:
    channel = _staff_channel()
    if channel is None:
        raise Refused("There is no number to send it by.")
    if is_code:
        purpose = Purpose.SECURITY
    else:
        purpose = Purpose.TRANSACTIONAL
    if key and Message.objects.filter(origin=key).exists():
        return
    Message.queue(channel=channel, address=number, text=text, purpose=purpose, automatic=STAFF, origin=key)


def said_by(member: Member) -> list[TextReply]:
    """Return a member's recent replies to texts, newest first, with the addresses of their files."""
    theirs = Message.objects.filter(author=member, direction=Direction.IN, automatic=STAFF)
    slug = directory().tenant.slug
    return [
        TextReply(
            each.at,
            each.text,
            [(file.name, reverse("comms:attachment", args=[slug, file.uid])) for file in each.attachments.all()],
        )
        for each in theirs.prefetch_related("attachments").newest_first()[:_SHOWN]
    ]


def _whatsapp_way() -> tuple[Channel, TemplateVersion] | None:
    """Return the channel and the approved text for WhatsApp to members; None without one of them."""
    for channel in _staff_channels(Medium.WHATSAPP):
        brand = directory().brands[channel.brand_id]
        template = catalogue().find(NOTICE_TEMPLATE, brand.pk)
        chosen = None
        if template:
            chosen = choose(template, Medium.WHATSAPP, person=None, brand=brand)
        if chosen and chosen.version.is_approved_by_whatsapp:
            return channel, chosen.version
    return None


def _queue_whatsapp(number: str, text: str, key: str, is_code: bool) -> None:
    way = _whatsapp_way()
    if way is None or is_code:
        raise Refused("WhatsApp can’t be used for it.")
    if Message.objects.filter(origin=key).exists():
        return
    channel, version = way
    brand = directory().brands[channel.brand_id]
    subject = subject_of(brand=brand, language=version.language, given={NOTICE_TEXT: text})
    Message.queue(
        channel=channel,
        address=number,
        automatic=STAFF,
        origin=key,
        occasion=key,
        **compose(version, subject, address=number).fields,
    )


TEXT_WAY = TextSender(name=SMS, is_ready=lambda: _staff_channel() is not None, send=_queue_text, said=said_by)
WHATSAPP_WAY = TextSender(
    name=WHATSAPP, is_ready=lambda: _whatsapp_way() is not None, send=_queue_whatsapp, said=lambda _member: []
)


def member_answering(number: str, medium: str, answered: Message | None) -> Member | None:
    """Return the member who confirmed a number, if the last text sent there was for them.

    Where that was for a customer, or the text names such a one, it is a customer's: a colleague may be one, too.
    """
    row = StaffNumber.objects.filter(number=number, confirmed_at__isnull=False).select_related("member").first()
    if row is None or not row.member.active:
        return None
    if (answered or _last_said(number, medium) or Message()).automatic == STAFF:
        return row.member
    return None


def _last_said(number: str, medium: str) -> Message | None:
    ours = Message.objects.filter(address=number, medium=medium, direction=Direction.OUT)
    message: Message | None = ours.filter(at__gt=clock.now() - _SINCE).order_by("-at", "-pk").first()
    return message


def point_elsewhere(received: Message, member: Member, *, has_files: bool = False) -> None:
    """Reply to a member's text where to continue, as texts are not read here; once a day at most.

    Who sent pictures is told where they are kept, once a day, too.
    """
    if has_files:
        origin = f"staff-file:{member.pk}:"
    else:
        origin = f"staff-answer:{member.pk}:"
    lately = Message.objects.filter(address=received.address, at__gt=clock.now() - _AGAIN)
    if received.channel is None or lately.filter(origin__startswith=origin).exists():
        return
    tenant = directory().tenant
    with override(member.user.language or member.language or tenant.language):
        url = f"{settings.SITE_URL}{reverse('notice_settings' if has_files else 'notices', args=[tenant.slug])}"
        if has_files:
            text = _("%(organization)s: nobody reads answers to this number. What you sent is kept here: %(url)s")
        else:
            text = _("%(organization)s: nobody reads answers to this number. Your notices are here: %(url)s")
        answer = text % {"organization": tenant.name, "url": url}
    Message.queue(
        channel=received.channel,
        address=received.address,
        text=answer,
        purpose=Purpose.TRANSACTIONAL,
        automatic=STAFF,
        origin=f"{origin}{received.pk}",
    )
