"""Put a message on its ticket, once: find the ticket or begin it, keep why, tell the ticket.

Called by the subscribers (tickets/matching/subscribers.py) and, so that it can say where a mail went, by
`receive_email`; whoever comes second finds the entry.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from comms.models import Direction, Medium, Message
from crm.jobs.models import Job
from crm.people.lookup import lock_contact_values
from crm.people.models import Property
from tickets.matching.evidence import Evidence, Match
from tickets.matching.homes import home_of, locked
from tickets.matching.leads import lead_of
from tickets.matching.mail import match_mail
from tickets.matching.participants import take_part
from tickets.matching.properties import named_property
from tickets.matching.text_back import text_back
from tickets.matching.texts import match_text
from tickets.models import Entry, Status, Ticket

# Of a text without a subject so much is what its ticket is called.
_TITLE = 60
# A person's properties that a message may name.
_MOST_PROPERTIES = 20


def find(message: Message, answers: Message | None, by: str) -> Match:
    """Return the ticket a message belongs on, and why. Changes nothing."""
    match = match_mail if message.medium == Medium.EMAIL else match_text
    return match(message, answers, by)


def hold(messages: Iterable[Message]) -> None:
    """Have others who place messages of these senders wait for this transaction: two at once begin one ticket."""
    lock_contact_values({f"ticket:{message.person_id or message.address}" for message in messages})


@transaction.atomic
def place(
    message: Message, answers: Message | None = None, by: str = "", told: dict[str, Any] | None = None
) -> Entry | None:
    """Put a received message on its ticket. Return its entry, or that of the copy we have in another mailbox.

    None for one that nobody wrote and that answers nothing. `told`: the data of its event. Again: nothing.
    """
    hold([message])
    if entry := Entry.objects.filter(message=message).select_related("ticket").first():
        return entry
    return place_held(message, answers, by, told, may_be_copy=True)


def place_held(
    message: Message, answers: Message | None, by: str, told: dict[str, Any] | None, *, may_be_copy: bool
) -> Entry | None:
    """`place` a message that is on no ticket, held by this transaction. `may_be_copy`: another has its Message-ID."""
    if may_be_copy and (copied := _copied(message)):
        _came_to(copied, message)
        return copied
    match = find(message, answers, by)
    if message.automatic and match.ticket is None:
        return None
    ticket = locked(match.ticket) if match.ticket else None
    if ticket and not message.automatic and ticket.is_late_for(message.at):
        ticket.close(by=None, cause="auto")
    before, is_new = ticket, False
    if ticket is None or (_has_ended(ticket, message) and not message.automatic):
        ticket, is_new = _begun(message, continues=before), True
        _adopt(answers, ticket)
    evidence = match.evidence | _circumstances(message, ticket, told or {}, before if is_new else None)
    entry = Entry.objects.add_message(ticket, message, matched_by=match.code, evidence=evidence)
    if message.author_id is None:
        take_part(ticket, message, is_new=is_new)
    _tell(ticket, message)
    return entry


def repeated(messages: Iterable[Message]) -> set[str]:
    """Return which of their Message-IDs another message has, too."""
    named = [message.message_id for message in messages if message.medium == Medium.EMAIL and message.message_id]
    found = Message.objects.filter(message_id__in=named).order_by().values_list("message_id", flat=True)
    return {name for name, count in Counter(found).items() if count > 1}


def _has_ended(ticket: Ticket, message: Message) -> bool:
    """Whether a ticket is over for good, so that what comes goes on in another (K5)."""
    return ticket.status == Status.CLOSED or ticket.is_late_for(message.at)


def _copied(message: Message) -> Entry | None:
    """Return the entry of the same mail in another of our mailboxes: of the same words, for an id is no proof."""
    if message.medium != Medium.EMAIL or not message.message_id:
        return None
    same = Message.objects.filter(message_id=message.message_id, direction=message.direction, address=message.address)
    copies = [each.pk for each in same.exclude(pk=message.pk)[:5] if each.text == message.text]
    found: Entry | None = Entry.objects.filter(message__in=copies).select_related("ticket").order_by("pk").first()
    return found


def _came_to(entry: Entry, message: Message) -> None:
    also = entry.evidence.get("also_to", [])
    address = message.channel.address if message.channel else ""
    if address and address not in also:
        entry.evidence["also_to"] = [*also, address][:10]
        entry.save(update_fields=["evidence"])


def _begun(message: Message, continues: Ticket | None) -> Ticket:
    """Begin the ticket of a message; after a closed one it goes on from that, for the same person."""
    person = message.person or (continues.person if continues and not message.author_id else None)
    job = message.job or (continues.job if continues else None) or lead_of(message)
    words = message.subject or " ".join(message.text[:400].split())
    subject = words if message.subject or len(words) <= _TITLE else f"{words[:_TITLE].rsplit(' ', 1)[0]} …"
    return Ticket.begin(
        brand=message.brand,
        subject=subject,
        person=person,
        customer_name=message.address_name or message.address,
        job=job,
        medium=message.medium,
        by=None,
        at=message.at,
        continues=continues,
    )


def _adopt(answers: Message | None, ticket: Ticket) -> None:
    """Put the message of ours that was answered on the ticket that its answer began, if it is on none."""
    if answers and answers.direction == Direction.OUT and home_of(answers) is None:
        Entry.objects.add_message(ticket, answers, matched_by=Evidence.WRITTEN)


def _circumstances(message: Message, ticket: Ticket, told: dict[str, Any], closed: Ticket | None) -> dict[str, Any]:
    """Return what else its entry says: that the sender is away until when, what it goes on from, what to split off."""
    said: dict[str, Any] = {}
    if told.get("returns_on"):
        said["returns_on"] = told["returns_on"]
    if closed:
        said["continues"] = closed.number
    other = _other_property(message, ticket)
    if other:
        said["split"] = {"property": other.pk, "street": other.street}
    return said


def _other_property(message: Message, ticket: Ticket) -> Property | None:
    """Return the property of the person that a message names, where the ticket is about another."""
    site = ticket.job.site_id if ticket.job else None
    if site is None or message.person_id is None or message.direction != Direction.IN:
        return None
    jobs = Job.objects.filter(person_id=message.person_id, site__isnull=False)
    sites = list(Property.objects.filter(pk__in=jobs.values("site")).order_by("pk")[:_MOST_PROPERTIES])
    return named_property(f"{message.subject} {message.text[:5000]}", sites, besides=site) if len(sites) > 1 else None


def _tell(ticket: Ticket, message: Message) -> None:
    """Tell the ticket: theirs waits for an answer, a colleague's is one, and a call is what came of it."""
    if message.author_id:
        _heard_of_colleague(ticket, message)
    elif message.medium == Medium.CALL and (message.direction == Direction.OUT or message.duration):
        ticket.reply(message, by=ticket.member if message.duration else None)
    elif message.automatic and ticket.status == Status.CLOSED:
        return
    else:
        ticket.take_in(message)
        if message.medium == Medium.CALL:
            text_back(message, ticket)


def _heard_of_colleague(ticket: Ticket, message: Message) -> None:
    """A colleague who wrote to the customer, with us in copy, answered them; one who wrote to us alone did not."""
    named = {address.lower() for key in ("to", "cc") for _name, address in message.participants.get(key, ())}
    theirs = ticket.participants.filter(is_requester=True).values_list("address", flat=True)
    if ticket.status != Status.CLOSED:
        ticket.reply(message, by=message.author if named & set(theirs) else None)
