"""Create a conversation for a message that was set aside."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.gate.consent import opt_outs
from comms.inbound import jobs
from comms.inbound.mailboxes import own_addresses
from comms.models import JudgedSender, Message
from comms.models.message import SET_ASIDE, SPAM
from crm.kernel.normalization import normalize_email
from crm.kernel.refusal import Refused
from crm.people.senders import find_sender
from crm.platform.events import events
from crm.platform.models import Member
from tickets.matching.distribution import give_out
from tickets.matching.placement import place_messages
from tickets.merging.current_ticket import current_ticket
from tickets.models import Entry, Ticket


@transaction.atomic
def make_conversation(message: Message, *, by: Member) -> Ticket:
    """Add a message that was set aside to a conversation, like mail from a person. Idempotent.

    Raises Refused for a message that is not set aside.
    """
    message.lock()
    entry = Entry.objects.filter(message=message).select_related("ticket").first()
    if entry:
        return current_ticket(entry.ticket)
    kind = _accept_sender(message, by=by)
    placed = place_messages(message)
    if placed is None:  # what is not automatic has a place
        raise AssertionError(message)
    events.record("ticket.accepted", subject=placed.ticket, by=by, data={"was": kind}, job_id=placed.ticket.job_id)
    give_out([placed])
    return placed.ticket


def _accept_sender(message: Message, *, by: Member) -> str:
    """Find or create a locked message's sender and update their lead; return why it was set aside.

    Raises Refused for one that is not set aside.
    """
    kind = message.automatic
    if kind not in SET_ASIDE:
        raise Refused(_("It is no longer set aside."))
    message.automatic = ""
    message.spam_since = None
    if kind == SPAM:
        JudgedSender.judge(message.address, is_spam=False, by=by)
    value = normalize_email(message.address)
    if message.person is None and value and value not in own_addresses():
        sender = find_sender("email", value, message.address_name, create=message.sole_reader_id is None)
        message.person = sender.person
        message.contact_point = sender.point
    message.job, _why = jobs.job_of(message)
    message.save(update_fields=["automatic", "spam_since", "person", "contact_point", "job"])
    opt_outs.process_opt_out(message)
    jobs.record_customer_message(message)
    events.record("message.accepted", subject=message, by=by, data={"was": kind}, job_id=message.job_id)
    return kind
