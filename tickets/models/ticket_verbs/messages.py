"""Effects of messages on their tickets: whose move it is, who waits, and the columns of the list."""

from collections.abc import Collection, Sequence

from comms.message_sharing import sharing_of
from comms.models import Channel, Message
from crm.jobs.clock.crossings import crossing_facts, schedule
from crm.jobs.models import Level
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from tickets.language.thanks import is_only_thanks
from tickets.models.clocked_ticket import ClockedTicket
from tickets.models.status import Status
from tickets.models.ticket_verbs.status_change import enter_status


def receive_messages(received: Sequence[tuple[ClockedTicket, Message]], confirming: Collection[int]) -> None:
    """Apply messages of customers to their locked tickets, and save these with one statement."""
    facts: list[EventDraft] = []
    for ticket, message in received:
        facts += note_received(ticket, message, confirms=message.pk in confirming)
    tickets = list({ticket.pk: ticket for ticket, _message in received}.values())
    bulk_write.save_all(tickets, ClockedTicket.RECEIVED_COLUMNS)
    schedule(tickets, clock.now())
    events.record_all(facts, by=None)


def note_received(ticket: ClockedTicket, message: Message, *, confirms: bool) -> list[EventDraft]:
    """Apply a message of the customer, unsaved, and return its events. Raises ValueError for a closed ticket.

    `confirms`: it only confirms an appointment, and so asks for no answer.
    """
    if ticket.status == Status.CLOSED:
        raise ValueError("a closed ticket receives nothing")
    show_last_message(ticket, message)
    members = directory().members.values()
    names = [message.address_name, ticket.customer_name, *(member.name for member in members)]
    thanks = ticket.status == Status.SOLVED and is_only_thanks(message.text, names)
    data = {"message": message.pk, "medium": message.medium}
    if confirms:
        data["confirms"] = True
    elif thanks:
        data["thanks"] = True
    fact = EventDraft("ticket.received", ticket, data, ticket.event_job_id)
    if message.automatic or thanks or confirms:
        return [fact]
    clock_before = (ticket.clock_metric, ticket.clock_since)
    level_before: int = ticket.level
    _wait_for_answer(ticket, message)
    if clock_before != (ticket.clock_metric, ticket.clock_since):
        level_before = Level.OK
    # Fetched late, it may be late already.
    return [fact, *crossing_facts(ticket, level_before, clock.now())]


def _wait_for_answer(ticket: ClockedTicket, message: Message) -> None:
    ticket.asked_at = min(filter(None, (ticket.asked_at, message.at)))
    ticket.waiting_since = min(filter(None, (ticket.waiting_since, message.at)))
    ticket.unread_count = min(ticket.unread_count + 1, 999)
    ticket.snoozed_until = None
    if ticket.status not in (Status.NEW, Status.OPEN):
        enter_status(ticket, Status.OPEN)
    ticket.promises.follow(message)


def record_reply(ticket: ClockedTicket, message: Message, *, by: Member | None, is_answer: bool) -> None:
    """Save a message of ours on a locked ticket, and what it answers."""
    columns = show_last_message(ticket, message)
    kind = "ticket.notified"
    if is_answer:
        columns += note_answered(ticket)
        kind = "ticket.replied"
    ticket.save(update_fields=set(columns))
    ticket._schedule_crossing()
    ticket._record(kind, by, {"message": message.pk, "medium": message.medium})


def record_private_answer(ticket: ClockedTicket, *, by: Member | None) -> None:
    """Record on a locked ticket that it was answered elsewhere."""
    ticket.save(update_fields=set(note_answered(ticket)))
    ticket._schedule_crossing()
    ticket._record("ticket.answered_privately", by, {})


def note_answered(ticket: ClockedTicket) -> tuple[str, ...]:
    """Apply an answer of ours without saving: ends the wait and its promises. Returns the changed columns."""
    if ticket.asked_at:
        ticket.first_reply_at = ticket.first_reply_at or clock.now()
    ticket.promises.keep_answered()
    ticket.waiting_since = None
    ticket.unread_count = 0
    columns = ("waiting_since", "unread_count", "first_reply_at", "replied_at", *ticket.CLOCK_COLUMNS)
    if ticket.status in (Status.NEW, Status.OPEN):
        return columns + enter_status(ticket, Status.PENDING)
    ticket.promises.follow()
    return columns


def show_last_message(ticket: ClockedTicket, message: Message) -> tuple[str, ...]:
    """Set the list's columns from the last message, unless a later one is set. Returns the columns to save."""
    if ticket.last_message_at and message.at < ticket.last_message_at:
        return ()
    ticket.last_message_at = message.at
    ticket.last_message_direction = message.direction
    ticket.last_message_text = _first_words(message)
    ticket.medium = message.medium
    return ticket.LAST_COLUMNS


def reload_last_message(ticket: ClockedTicket) -> None:
    """Recompute and save the last message of a locked ticket, after a later one was cancelled."""
    messages = Message.objects.filter(pk__in=ticket.entries.exclude(message=None).values("message_id"))
    last = messages.exclude(state=Message.State.CANCELLED).newest_first().first()
    ticket.last_message_at = None
    if last is not None:
        show_last_message(ticket, last)
    else:
        ticket.last_message_direction = ""
        ticket.last_message_text = ""
    ticket.save(update_fields=ticket.LAST_COLUMNS)


def _first_words(message: Message) -> str:
    """Return the first words of a message, limited to what all viewers of the ticket may read."""
    if sharing_of(message) == Channel.Sharing.FULL:
        words = message.text or message.subject
    elif sharing_of(message) == Channel.Sharing.SUBJECT:
        words = message.subject
    else:
        words = ""
    return " ".join(words[:600].split())[:160]
