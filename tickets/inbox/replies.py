"""Effects of a message written in the inbox on its ticket, and of its cancellation."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from comms.models import Message
from crm.jobs.models import Side
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from crm.web.requests.future_morning import MORNING
from tickets.macros.application import apply_macro
from tickets.matching.evidence import Evidence
from tickets.models import Entry, Macro, Status, Ticket

# What may follow a message: the buttons beside "Send" (Matter.endings).
SOLVE = "solve"
SNOOZE = "snooze"
OURS = "ours"
# Later than this it is a message for another time: the customer has no answer until it leaves.
AT_ONCE = timedelta(minutes=5)
# In an entry's evidence: its message answers when it leaves.
LATER = "later"


@transaction.atomic
def add_reply(ticket: Ticket, message: Message, *, by: Member, then: str = "", macro: Macro | None = None) -> Entry:
    """Add an outgoing message to the ticket it was written on, as an answer, and do the requested follow-ups.

    A macro does the rest of what it does, but for the status where `then` says what becomes of it. A message that is
    held until a later time answers when it leaves.
    """
    entry: Entry = Entry.objects.add_message(ticket, message, matched_by=Evidence.WRITTEN)
    is_later = message.send_at is not None and message.send_at > clock.now() + AT_ONCE
    with undo.record_undoable("ticket.replied", [ticket], by=by) as change:
        if not is_later:
            ticket.reply(message, by=by)
        if macro:
            apply_macro(ticket, macro, by=by, keeps_status=bool(then))
        _follow_up_reply(ticket, then, by)
    if change.pk is not None:
        entry.evidence = {"change": str(change.uid)}
    else:
        entry.evidence = {}
    entry.evidence |= {LATER: True} if is_later else {}
    entry.save(update_fields=["evidence"])
    return entry


def _follow_up_reply(ticket: Ticket, then: str, by: Member) -> None:
    if then == SOLVE:
        ticket.solve(by=by)
    elif then == SNOOZE:
        ticket.snooze(tomorrow_morning(Reader.of(by, clock.now())), by=by)
    elif then == OURS:
        ticket.turn_to(Side.US, by=by)


def tomorrow_morning(reader: Reader) -> datetime:
    """Return the next morning in the reader's time zone."""
    return datetime.combine(reader.today + timedelta(days=1), MORNING, reader.zone)


def answer_when_sent(sent: Sequence[Event]) -> None:
    """Record scheduled messages as answers of their tickets once they are sent. Idempotent."""
    left = Entry.objects.filter(message_id__in=[event.subject_id for event in sent], evidence__has_key=LATER)
    for entry in left.select_related("ticket", "message__author").order_by("pk"):
        if entry.message.author and entry.ticket.status != Status.CLOSED:
            entry.ticket.reply(entry.message, by=entry.message.author)
        del entry.evidence[LATER]
        entry.save(update_fields=["evidence"])


def take_back_replies(cancelled: Sequence[Event]) -> None:
    """Restore a ticket to its state before a message that was not sent, unless it changed since. Idempotent.

    The list shows the last message before it again. Its words are a draft already (Draft.restore).
    """
    entries = Entry.objects.filter(message_id__in=[event.subject_id for event in cancelled])
    for entry in entries.select_related("message__author", "ticket").order_by("pk"):
        entry.ticket.reload_last_message()
        change = entry.evidence.get("change")
        author = entry.message.author
        if change and author:
            with suppress(Refused):
                undo.undo_change(UUID(change), by=author)
