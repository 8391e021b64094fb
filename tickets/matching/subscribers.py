"""Subscribers to messages: add received and sent ones to tickets."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from comms.inbound.inbound_result import InboundResult, MailPlacement
from comms.models import Message
from crm.jobs.models import Job
from crm.platform.database.batch import batch
from crm.platform.models import Event
from tickets.matching.distribution import give_out
from tickets.matching.outgoing import place_ours
from tickets.matching.placement import Placing, find_match, lock_senders, place_all, rejoin_all, repeated_ids
from tickets.models import Entry, Participant, Ticket


def place_received(received: Sequence[Event]) -> None:
    """Place received messages on tickets, in order. Idempotent."""
    event_data = {event.subject_id: event.data for event in received}
    answered = {data["answers"] for data in event_data.values() if data.get("answers")}
    wanted = Message.objects.filter(pk__in={*event_data, *answered})
    messages = {each.pk: each for each in wanted.select_related("person", "job", "brand", "channel")}
    lock_senders(messages[pk] for pk in event_data if pk in messages)
    placed = set(Entry.objects.filter(message__in=list(event_data)).values_list("message_id", flat=True))
    waiting = [messages[pk] for pk in event_data if pk in messages and pk not in placed]
    copied = repeated_ids(waiting)
    placing = [
        Placing(
            message,
            messages.get(event_data[message.pk].get("answers") or 0),
            event_data[message.pk].get("matched_by", ""),
            event_data[message.pk],
            may_be_copy=message.message_id in copied,
        )
        for message in waiting
    ]
    _place_and_give_out(placing)


def _place_and_give_out(placing: Sequence[Placing]) -> None:
    with batch():
        place_all(placing)
    rejoin_all(placing)
    give_out([each.entry for each in placing])


def place_sent(sent: Sequence[Event]) -> None:
    """Add messages sent from elsewhere (a lead's page, a template, another program) to tickets."""
    ids = {event.subject_id for event in sent}
    placed = set(Entry.objects.filter(message__in=ids).values_list("message_id", flat=True))
    waiting = Message.objects.filter(pk__in=ids - placed, direction="out")
    messages = list(waiting.select_related("person", "job", "brand", "author").order_by("pk"))
    lock_senders(messages)
    for message in messages:
        place_ours(message)


def say_where(
    sender: Any, *, reads: Sequence[InboundResult], dry_run: bool, **_more: Any
) -> list[MailPlacement | None]:
    """Add mails that were just read to tickets and return these; with `dry_run` only return them."""
    if dry_run:
        return [_would_be_on(read) for read in reads]
    received = [read for read in reads if _is_placed(read)]
    entries = _place_reads(received)
    return [entries.get(id(read)) if _is_placed(read) else _answered_on(read) for read in reads]


def _is_placed(read: InboundResult) -> bool:
    """True if what was read is a message for a ticket."""
    return read.outcome != "bounce" and read.message is not None and read.message.direction == "in"


def _answered_on(read: InboundResult) -> MailPlacement | None:
    """Return the ticket of the message a bounce is about."""
    if read.message is not None and read.outcome != "bounce":
        return None
    entry = None
    if read.answers:
        entry = Entry.objects.filter(message=read.answers).select_related("ticket").first()
    if entry:
        return MailPlacement(entry.ticket.number, read.matched_by, goes_on=False)
    return None


def _would_be_on(read: InboundResult) -> MailPlacement | None:
    if not _is_placed(read) or read.message is None:
        return _answered_on(read)
    match = find_match(read.message, read.answers, read.matched_by)
    goes_on = match.ticket is not None and match.ticket.is_open
    return MailPlacement(match.ticket.number if match.ticket else None, _match_words(match.code), goes_on)


def _place_reads(reads: Sequence[InboundResult]) -> dict[int, MailPlacement]:
    """Add messages to tickets; return the ticket of each, by the id of the read mail."""
    messages = {read.message.pk: read.message for read in reads if read.message}
    lock_senders(messages.values())
    stored = Entry.objects.filter(message__in=list(messages)).select_related("ticket")
    entries = {entry.message_id: entry for entry in stored}
    copied = repeated_ids(messages.values())
    placing = [
        Placing(read.message, read.answers, read.matched_by, may_be_copy=read.message.message_id in copied)
        for read in reads
        if read.message and read.message.pk not in entries
    ]
    _place_and_give_out(placing)
    entries |= {each.message.pk: each.entry for each in placing if each.entry}
    return {
        id(read): MailPlacement(entry.ticket.number, _match_words(entry.matched_by), entry.matched_by != "new")
        for read in reads
        if read.message and (entry := entries.get(read.message.pk))
    }


def say_open(sender: Any, *, message: Message, **_more: Any) -> bool:
    """Return whether the sender of a message has an open conversation."""
    named = Q(address=message.address.lower())
    if message.person_id:
        named |= Q(person_id=message.person_id)
    taking_part = Participant.objects.filter(named, ticket__in=Ticket.objects.open().order_by().values("pk"))
    return bool(message.address) and taking_part.exists()


def say_lead(sender: Any, *, message: Message, answers: Message | None, by: str, **_more: Any) -> Job | None:
    """Return the lead of the conversation a message will join, if its customer has several."""
    ticket = find_match(message, answers, by).ticket
    if ticket:
        return ticket.job
    return None


def _match_words(code: str) -> str:
    """Return the evidence in words; blank for a message without a match."""
    if code == "new":
        return ""
    return code
