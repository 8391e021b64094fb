"""The job of a message, and its effect on the job's clock (docs/rules.md#k18)."""

from typing import Any

from comms.inbound.inbound_result import InboundResult, lead_asked
from comms.models import Medium, Message
from comms.stored_words import stored_gettext as _
from crm.jobs.models import Job
from crm.jobs.models.contact import CustomerMessage
from crm.platform.database.batch import write_in_batch

# The ways a customer writes, as jobs call them.
HEARD_BY = {Medium.CALL.value: "phone"}


def job_of(
    message: Message, answered: Message | None = None, by: str = "", *, is_new_person: bool = False
) -> tuple[Job | None, str]:
    """Return the job an unsaved message is about, and the reason in words.

    What it answers says it, else the person's open jobs: of several that of the conversation it goes on. A person who
    was created by this message (`is_new_person`) has none.
    """
    person = message.person
    if message.channel and message.channel.sole_reader_id:
        # What one member alone may read is on no lead: its page is everybody's.
        return None, ""
    if answered and answered.job and answered.job.is_open and (person is None or answered.job.person_id == person.pk):
        return answered.job, _("It answers a message of this lead.")
    if person is None:
        return None, ""
    if is_new_person:
        theirs = Job.objects.none()
    else:
        theirs = Job.objects.open().filter(person=person)
    still_open = list(theirs.order_by("-came_in_at", "-pk")[:2])
    if not still_open:
        return None, _("They have no open lead.")
    if len(still_open) > 1:
        answers_received: list[tuple[Any, Any]] = lead_asked.send(
            InboundResult, message=message, answers=answered, by=by
        )
        job = next((lead for _receiver, lead in answers_received if isinstance(lead, Job)), None)
        if job and job.is_open and job.person_id == person.pk:
            return job, _("The conversation it goes on is about this lead.")
        return still_open[0], _("They have several open leads; this is the newest.")
    return still_open[0], _("It is their only open lead.")


def record_customer_message(message: Message, *, may_be_copy: bool = True) -> None:
    """Record on the job that its customer wrote, once per mail, whichever mailboxes received it.

    `may_be_copy`: whether there may be another message with its Message-ID.
    """
    if not message.job or message.sole_reader_id or (may_be_copy and _is_copy(message)):
        return
    channel = HEARD_BY.get(message.medium, message.medium)
    # Of a batch they hear at its end, all at once: so none is locked for longer.
    write_in_batch(Job.hear_all, [CustomerMessage(message.job.pk, channel, cause_of(message))])


def wrote_since(message: Message) -> bool:
    """True if the customer wrote about the job after a sent message that is only imported now."""
    return bool(Message.objects.filter(job=message.job).not_answered_by(message).exists())


def cause_of(message: Message) -> str:
    """Return the cause of a job's event: the message, which the timeline shows itself."""
    return f"message:{message.pk}"


def _is_copy(message: Message) -> bool:
    """True if another mailbox received it already: same sender and text, as an ID proves nothing."""
    same = Message.objects.filter(job=message.job, message_id=message.message_id, direction=message.direction)
    copies = same.filter(address__iexact=message.address, text=message.text).exclude(pk=message.pk)
    return bool(message.message_id and copies.exists())
