"""Add outgoing messages to tickets that were written elsewhere: on a lead's page or by a template."""

from collections.abc import Iterator

from django.db import transaction

from comms.inbound.email_threading import MOST_IDS
from comms.models import Message
from crm.platform.organization.readable_address import readable_address
from tickets.matching.by_mail.private_mail import may_join
from tickets.matching.evidence import Evidence
from tickets.matching.participants import takes_part
from tickets.merging.current_ticket import find_ticket_of, lock_current_ticket
from tickets.models import Entry, Status, Ticket


@transaction.atomic
def place_ours(message: Message, about: Ticket | None = None) -> Entry | None:
    """Add an outgoing message to a ticket: the one it is `about`, or of the answered message, or the newest open one.

    A colleague's begins one where there is none; what the product sends by itself does not, until it is answered.
    """
    if Entry.objects.filter(message=message).exists():
        return None
    candidate = about or _of_answered(message) or newest_open(message)
    if message.sole_reader_id and message.is_personal:
        _note_on_shared(message)
    ticket = None
    if candidate:
        ticket = lock_current_ticket(candidate)
    if ticket is None or ticket.status == Status.CLOSED:
        if not message.is_personal:
            return None
        ticket = _begin_ticket(message, continues=ticket)
    entry: Entry = Entry.objects.add_message(ticket, message, matched_by=Evidence.WRITTEN)
    if message.state != Message.State.CANCELLED:
        ticket.reply(message, by=message.author, answers=message.is_personal and not _wrote_since(ticket, message))
    return entry


def _wrote_since(ticket: Ticket, message: Message) -> bool:
    """True if the customer wrote on the ticket after an outgoing message that was imported from elsewhere."""
    if message.inbound_id is None:
        return False
    written = Message.objects.filter(pk__in=Entry.objects.filter(ticket=ticket).values("message"))
    return bool(written.not_answered_by(message).exists())


def _note_on_shared(message: Message) -> None:
    """Stop the clock of a shared conversation answered by private mail; the mail's content stays private."""
    shared = next((each for each in _answered_tickets(message) if each.sole_reader_id is None), None)
    if shared is None or may_join(shared, message) or not takes_part(shared, message):
        return
    ticket = lock_current_ticket(shared)
    if ticket.is_open and not _wrote_since(ticket, message):
        ticket.note_private_answer(by=message.author)


def _of_answered(message: Message) -> Ticket | None:
    """Return the ticket of the answered mail, if the message may join it."""
    return next((ticket for ticket in _answered_tickets(message) if may_join(ticket, message)), None)


def _answered_tickets(message: Message) -> Iterator[Ticket]:
    """Yield the tickets of the mails in its headers, nearest first."""
    named = [message.in_reply_to, *reversed(message.references.split()[-MOST_IDS:])]
    known_messages = Message.objects.filter(message_id__in=list(filter(None, named))).order_by("pk")
    # One mail may be in several of our mailboxes, on a ticket in each: it answers that of its own.
    own_last = sorted(known_messages, key=lambda each: each.channel_id == message.channel_id)
    by_message_id = {each.message_id: each for each in own_last}
    homes = (find_ticket_of(by_message_id[each]) for each in named if each in by_message_id)
    yield from filter(None, homes)


def newest_open(message: Message) -> Ticket | None:
    """Return the person's newest open ticket at the brand, for the message's job if it has one."""
    if message.person_id is None:
        return None
    theirs = Ticket.objects.open().filter(person_id=message.person_id, brand_id=message.brand_id, merged_into=None)
    theirs = theirs.filter(sole_reader=message.sole_reader_id)
    tickets = list(theirs.order_by("-last_message_at", "-pk")[:20])
    fits = (each for each in tickets if message.job_id is None or each.job_id in (None, message.job_id))
    return next(fits, None)


def _begin_ticket(message: Message, continues: Ticket | None) -> Ticket:
    ticket = Ticket.begin(
        brand=message.brand,
        subject=message.subject or " ".join(message.text[:60].split()),
        person=message.person,
        customer_name=message.address_name or readable_address(message.address),
        job=message.job,
        medium=message.medium,
        by=message.author,
        at=message.at,
        member=message.author,
        sole_reader_id=message.sole_reader_id,
        continues=continues,
    )
    ticket.participants.create(
        person_id=message.person_id,
        address=message.address.lower(),
        name=message.address_name,
        role="customer",
        is_requester=True,
        confirmed_at=message.at,
    )
    return ticket
