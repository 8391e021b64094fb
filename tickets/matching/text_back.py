"""Send a text after a missed call: template "missed_call", from the called number or another of the brand.

There is no other switch: without the template, or with it archived, nobody is texted; a brand's own goes first.
"""

from datetime import timedelta

from comms.channels.directory import channels_in_use
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.models import Channel, Direction, Medium, Message
from crm.kernel import clock
from tickets.matching.evidence import Evidence
from tickets.models import Entry, Ticket

TEMPLATE = "missed_call"
# One who calls again and again is texted once in so long, and nobody about a call of long ago.
_ONCE_IN = timedelta(hours=24)
_USEFUL_FOR = timedelta(hours=2)


def text_back(call: Message, ticket: Ticket) -> Message | None:
    """Queue the text for a missed call on its ticket, subject to consent checks. None without a template."""
    template = catalogue().find(TEMPLATE, call.brand_id)
    channel = _text_channel(call)
    until = call.at + _USEFUL_FOR
    if template is None or channel is None or until <= clock.now():
        return None
    chosen = choose(template, Medium.SMS, person=call.person, brand=call.brand)
    if chosen is None or _was_texted(call.address, template.pk):
        return None
    subject = subject_of(brand=call.brand, language=chosen.version.language, person=call.person, job=call.job)
    text = Message.queue(
        channel=channel,
        address=call.address,
        contact_point=call.contact_point,
        person=call.person,
        job=call.job,
        useful_until=until,
        **compose(chosen.version, subject, address=call.address).fields,
    )
    Entry.objects.add_message(ticket, text, matched_by=Evidence.WRITTEN, evidence={"missed_call": call.pk})
    ticket.reply(text, by=None)
    return text


def _text_channel(call: Message) -> Channel | None:
    """Return the brand's number for texts: the called one, if it can send texts."""
    texts = [each for each in channels_in_use() if each.medium == Medium.SMS and each.brand_id == call.brand_id]
    called = ""
    if call.channel:
        called = call.channel.address
    return min((each for each in texts if not each.owner_id), key=lambda each: each.address != called, default=None)


def _was_texted(address: str, template_id: int) -> bool:
    lately = Message.objects.filter(address=address, at__gte=clock.now() - _ONCE_IN, direction=Direction.OUT)
    return bool(lately.filter(template_version__template_id=template_id).exists())
