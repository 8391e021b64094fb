"""Recompute the message columns of a ticket after entries were moved to or from it."""

from django.db.models import Count, Min

from comms.models import Direction
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.messages import show_last_message
from tickets.models.ticket_verbs.status_change import enter_status

_COLUMNS = (
    *("last_message_at", "last_message_direction", "last_message_text", "medium"),
    *("waiting_since", "unread_count", "asked_at", "first_reply_at", "replied_at"),
    *Ticket.CLOCK_COLUMNS,
)


def stand_anew(ticket: Ticket) -> None:
    """Recompute the last message and the waiting count of a locked ticket; a waiting customer makes it our move."""
    entries = Entry.objects.of(ticket).filter(kind=Entry.Kind.MESSAGE)
    if ticket.sole_reader_id:
        visible_entries = entries
    else:
        visible_entries = entries.filter(message__sole_reader__isnull=True)
    last = visible_entries.select_related("message__channel").order_by("-at", "-pk").first()
    ticket.last_message_at = None
    ticket.last_message_direction = ""
    ticket.last_message_text = ""
    columns: tuple[str, ...] = _COLUMNS
    if last and last.message:
        show_last_message(ticket, last.message)
    answers = entries.filter(message__direction=Direction.OUT, message__author__isnull=False)
    ticket.first_reply_at = answers.aggregate(first=Min("at"))["first"]
    ticket.replied_at = answered = answers.order_by("-at").values_list("at", flat=True).first()
    theirs = entries.filter(message__direction=Direction.IN, message__automatic="")
    theirs = theirs.exclude(evidence__has_key="confirms")
    ticket.asked_at = theirs.aggregate(first=Min("at"))["first"]
    if answered:
        theirs = theirs.filter(at__gt=answered)
    waits = theirs.aggregate(since=Min("at"), count=Count("pk"))
    ticket.waiting_since = None
    ticket.unread_count = 0
    if ticket.is_open:
        ticket.waiting_since = waits["since"]
        ticket.unread_count = min(waits["count"], 999)
        # Its promises count from other messages now.
        ticket.promises.forget_clocks()
        if ticket.waiting_since and ticket.status not in (Status.NEW, Status.OPEN):
            columns += enter_status(ticket, Status.OPEN)
        ticket.promises.follow()
    ticket.save(update_fields=set(columns))
    ticket._schedule_crossing()
