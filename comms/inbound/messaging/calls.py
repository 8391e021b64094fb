"""Store calls as messages, one per call, however often it is reported; effects apply once it has ended."""

from django.dispatch import Signal

from comms.channels.interface import ReceivedCall
from comms.inbound import jobs
from comms.inbound.inbound_result import InboundResult
from comms.inbound.messaging.senders import caller, channel_at, known_by
from comms.inbound.text_cleaning import clean_text
from comms.models import Direction, Inbound, Medium, Message
from comms.recordings.fetch import note_recording
from crm.jobs.models import ContactOutcome
from crm.platform.events import events
from crm.platform.organization.configuration import directory

# Sent with `message` once per call, when it has ended and before its event is recorded, in the same transaction: an app
# above may set the job of a call on one of its numbers (leads/calls).
call_ended = Signal()


def receive_call(received: ReceivedCall, inbound: Inbound) -> InboundResult:
    """Store a call or its progress. A missed call awaits an answer; an answered one counts as answer."""
    if received.is_outgoing:
        ours, theirs = (received.sender, received.to)
    else:
        ours, theirs = (received.to, received.sender)
    channel = channel_at(Medium.CALL, ours, inbound.channel)
    message = known_by(channel, received.provider_id)
    if message is None:
        address, sender = caller(theirs, "", channel)
        message = Message(
            brand_id=channel.brand_id if channel else directory().default_brand.pk,
            channel=channel,
            medium=Medium.CALL,
            direction=Direction.OUT if received.is_outgoing else Direction.IN,
            state=Message.State.SENT if received.is_outgoing else Message.State.RECEIVED,
            person=sender.person,
            contact_point=sender.point,
            address=address,
            at=min(received.at or inbound.received_at, inbound.received_at),
            provider_id=clean_text(received.provider_id, 200),
            inbound=inbound,
        )
        message.job, _why = jobs.job_of(message)
        message.save()
    note_recording(message, received.recording_url)
    if message.duration is not None:
        return InboundResult("duplicate", message=message)
    if received.is_over:
        _end_call(message, received)
    return InboundResult("call", message=message)


def _end_call(message: Message, received: ReceivedCall) -> None:
    taken = received.is_answered and received.duration > 0
    if taken:
        message.duration = received.duration
    else:
        message.duration = 0
    message.save(update_fields=["duration"])
    call_ended.send(Message, message=message)
    data = {"medium": message.medium, "automatic": "", "taken": taken}
    events.record("message.received", subject=message, by=None, data=data, job_id=message.job_id)
    job = message.job
    cause = jobs.cause_of(message)
    if job is None:
        return
    if message.direction == Direction.OUT:
        if taken:
            outcome = ContactOutcome.REACHED
        else:
            outcome = ContactOutcome.NO_ANSWER
        job.contact("call", outcome, by=None, at=message.at, cause=cause)
    elif taken:
        job.answer("phone", by=None, cause=cause)
    else:
        jobs.record_customer_message(message)
