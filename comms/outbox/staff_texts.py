"""Text messages to members: by the organization's own number, through the outbox and the gate like any other."""

from comms.channels.directory import channels_in_use
from comms.gate.candidate import STAFF
from comms.models import Channel, Medium, Message, Purpose
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.notices.texts import TextWay


def _channel() -> Channel | None:
    """Return the number texts to members leave by: the default brand's, else any; never a colleague's own."""
    found = [one for one in channels_in_use() if one.medium == Medium.SMS and one.owner_id is None and not one.problem]
    return min(found, key=lambda one: (one.brand_id != directory().default_brand.pk, one.pk), default=None)


def _send(number: str, text: str, key: str, is_code: bool) -> None:
    channel = _channel()
    if channel is None:
        raise Refused("There is no number to send it by.")
    purpose = Purpose.SECURITY if is_code else Purpose.TRANSACTIONAL
    if key and Message.objects.filter(origin=key).exists():
        return
    Message.queue(channel=channel, address=number, text=text, purpose=purpose, automatic=STAFF, origin=key)


TEXT_WAY = TextWay("sms", lambda: _channel() is not None, _send)
