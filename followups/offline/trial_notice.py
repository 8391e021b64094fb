"""A notice that a member sends to themselves as a test, and its results."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.models import Notice, PushDelivery, PushSubscription
from crm.web.notices.delivery.push_time import push_now
from crm.web.notices.delivery.texts import SMS, confirmed_number, send_text_notice, text_key
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from crm.web.reader import Reader
from followups.offline.notice_ways import IN_HAND, WayLine, push_line, text_line

TRIAL = "device.test"
KIND = NoticeKind(
    name=TRIAL,
    permission="followups.view",
    icon="bell",
    label=gettext_lazy("I send a test from “This device”"),
    words=gettext_lazy("This is your test. It arrived."),
    is_delivered_by_app=True,
    page="followups:device",
)
# A text costs money.
MOST, WITHIN = 5, timedelta(hours=1)


@transaction.atomic
def send_trial(member: Member) -> Notice:
    """Send a member a test: by push to their devices, else by text. Raises Refused with the reason why it can't be."""
    own = Notice.objects.to(member).filter(kind=TRIAL)
    if own.filter(at__gt=clock.now() - WITHIN).count() >= MOST:
        raise Refused(_("Five tests within an hour are enough. Try again later."))
    has_device = PushSubscription.objects.of(member).exists()
    number = confirmed_number(member)
    if not has_device and not number:
        raise Refused(_("No device shows your notices and no number is confirmed, so no test can reach you."))
    key = str(uuid4())
    notify(TRIAL, [member.pk], key=key)
    notice: Notice | None = own.filter(key=key).first()
    if notice is None:
        raise Refused(_("You switched tests off in the notice settings."))
    if has_device:
        push_now(member.pk)
    else:
        send_text_notice(member, number, [notice])
    return notice


def trial_lines(notice: Notice, member: Member, reader: Reader) -> list[WayLine]:
    """Return the results of a test so far, by device; without a device, that of its text."""
    settled = PushDelivery.objects.of(member).filter(last_notice__gte=notice.pk, at__gte=notice.at)
    lines = [push_line(row, reader) for row in settled.order_by("at", "pk")]
    for device in _waiting_devices(notice, member):
        words = _("%(device)s: on its way") % {"device": device.name or _("A browser")}
        lines.append(WayLine("soon", words, _tried_words(device)))
    text = Message.objects.filter(origin=text_key(SMS, [notice]))
    lines += [
        text_line(message, reader)
        for message in text.select_related("person").prefetch_related("person__contact_points")
    ]
    return lines


def is_waiting(notice: Notice, member: Member) -> bool:
    """True if a test is still to be handed to a push service, or its text to the provider."""
    waiting_texts = Message.objects.filter(origin=text_key(SMS, [notice]), state__in=IN_HAND)
    return bool(_waiting_devices(notice, member)) or waiting_texts.exists()


def _waiting_devices(notice: Notice, member: Member) -> list[PushSubscription]:
    rows = PushSubscription.objects.of(member).filter(told_until__lt=notice.pk, waiting_since__isnull=False)
    return list(rows.order_by("created_at", "pk"))


def _tried_words(device: PushSubscription) -> str:
    if device.failures:
        return _("Its push service did not take it. It is tried again.")
    return ""
