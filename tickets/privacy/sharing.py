"""Share a private conversation, take over those of a departed member, and follow a mailbox's sharing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comms.addresses import is_whatsapp_user
from comms.models import Channel, Direction, Medium, Message
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.people.senders import find_sender
from crm.platform.models import Member
from tickets.matching.subject_of import subject_of
from tickets.merging.standing import stand_anew
from tickets.models import Entry, Ticket


@transaction.atomic
def share_conversation(ticket: Ticket, *, by: Member) -> None:
    """Share a private conversation with colleagues, including later messages. Idempotent."""
    ticket.lock()
    if ticket.sole_reader_id is None:
        return
    if ticket.sole_reader_id != by.pk:
        raise Refused(_("Only the owner decides what others see of a mailbox."))
    _open_ticket(ticket)
    ticket._record("ticket.shared", by, {})


@transaction.atomic
def take_over(leaver: Member, *, reason: str, by: Member) -> int:
    """Assign a departed member's private conversations to another and share them with colleagues.

    Returns how many. Each of them says who did it, and why. Raises Refused for a member who is here, or without reason.
    """
    reason = " ".join(reason.split())[:200]
    if leaver.active:
        raise Refused(_("%(name)s is a member: what is private, only they share.") % {"name": leaver.name})
    if not reason:
        raise Refused(_("Enter a reason."))
    tickets = list(Ticket.objects.filter(sole_reader=leaver).order_by("pk"))
    for ticket in tickets:
        ticket.lock()
        _open_ticket(ticket)
        if ticket.is_open:
            ticket.assign_to(by, by=by)
        ticket._record("ticket.taken_over", by, {"from": leaver.pk, "reason": reason})
    Message.objects.filter(sole_reader=leaver).update(sole_reader=None)
    return len(tickets)


def _open_ticket(ticket: Ticket) -> None:
    """Share a locked ticket and its messages; their authors become customers, as with other mail."""
    message_ids = Entry.objects.of(ticket).filter(message__isnull=False).values("message")
    Message.objects.filter(pk__in=message_ids).update(sole_reader=None)
    ticket.sole_reader = None
    ticket.save(update_fields=["sole_reader"])
    unknown = Message.objects.filter(pk__in=message_ids, direction=Direction.IN, person=None, automatic="")
    for message in unknown.order_by("pk"):
        _add_customer(message, ticket)


def _add_customer(message: Message, ticket: Ticket) -> None:
    kind = _kind_of(message)
    if not message.address or (kind == ContactPoint.PointKind.PHONE and not message.address.startswith("+")):
        return
    if kind == ContactPoint.PointKind.EMAIL:
        address = message.address.lower()
    else:
        address = message.address
    sender = find_sender(kind, address, message.address_name)
    message.person = sender.person
    message.contact_point = sender.point
    message.save(update_fields=["person", "contact_point"])
    if sender.person is None:
        return
    ticket.participants.filter(address=message.address.lower(), person=None).update(person=sender.person)
    if ticket.person_id is None:
        ticket.person = sender.person
        ticket.customer_name = sender.person.name
        ticket.save(update_fields=["person", "customer_name"])


def _kind_of(message: Message) -> str:
    if message.medium == Medium.EMAIL:
        return ContactPoint.PointKind.EMAIL
    if is_whatsapp_user(message.address):
        return ContactPoint.PointKind.WHATSAPP
    return ContactPoint.PointKind.PHONE


def follow_readers(sender: Any, *, channel: Channel, **_more: Any) -> None:
    """Make the tickets of a mailbox private or shared, like its messages."""
    message_ids = Message.objects.filter(channel=channel).values("pk")
    ids = Entry.objects.filter(message__in=message_ids).order_by().values_list("ticket", flat=True).distinct()
    for ticket in Ticket.lock_all(Ticket.objects.filter(pk__in=list(ids))):
        follow_messages(ticket)


def follow_messages(ticket: Ticket) -> None:
    """Make a locked ticket private if all its messages are private to one reader; else share it."""
    entries = Entry.objects.of(ticket).filter(message__isnull=False).select_related("message__channel")
    messages = [entry.message for entry in entries.order_by("at", "pk")]
    reader_id = _one_reader(messages)
    ticket.sole_reader_id = reader_id
    columns = ["sole_reader"]
    if reader_id:
        ticket.member_id = reader_id
        ticket.team_id = None
        ticket.job_id = None
        columns += ["member", "team", "job"]
    visible_messages = [message for message in messages if message.sole_reader_id == reader_id]
    if visible_messages:
        ticket.subject = " ".join(subject_of(visible_messages[0]).split())[:200]
        columns.append("subject")
    ticket.save(update_fields=columns)
    stand_anew(ticket)


def _one_reader(messages: Iterable[Message]) -> int | None:
    readers = {message.sole_reader_id for message in messages}
    if len(readers) == 1:
        return readers.pop()
    return None
