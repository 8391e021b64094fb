"""How a demo ticket stands now, by what was said on it: its status, its clock, and what the list shows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crm.jobs.models import Level, Side
from crm.kernel import clock
from demo.conversations.script import Script
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.messages import show_last_message
from tickets.models.ticket_verbs.status_change import enter_status

# It closes for good so long after it was solved (docs/rules.md#k5), and a held one comes back so long from now.
_CLOSES, _COMES_BACK = timedelta(days=7), timedelta(days=9)


def stand(ticket: Ticket, entries: Sequence[Entry], script: Script, last: datetime, now: datetime) -> None:
    """Run the clock of an unsaved ticket through its messages to now, as the verbs of a saved one do."""
    ticket.status, ticket.past, ticket.status_since = Status.NEW, "", ticket.created_at
    ticket.waiting_since, ticket.unread_count, ticket.first_reply_at, ticket.last_message_at = None, 0, None, None
    ticket.asked_at = ticket.replied_at = None
    ticket.late_metric, ticket.late_seconds = "", 0
    ticket.promises.start_with([])
    with clock.at(ticket.created_at):
        ticket._start_clock(Side.US, ticket._allowance())
    for entry in entries:
        with clock.at(entry.at):
            _hear(ticket, entry)
    _end(ticket, script, last, now)
    for promise in ticket.promises.clocks():
        promise.miss_if_late(now)
    if ticket.level != Level.ENDED:
        ticket.level = ticket.level_at(now)


def _hear(ticket: Ticket, entry: Entry) -> None:
    message = entry.message
    assert message is not None
    show_last_message(ticket, message)
    if message.direction == "in" and not message.automatic:
        ticket.asked_at = ticket.asked_at or entry.at
        ticket.waiting_since = ticket.waiting_since or entry.at
        ticket.unread_count += 1
        # Before the status, whose clock would look the message up.
        ticket.promises.follow(message)
        if ticket.status == Status.PENDING:
            enter_status(ticket, Status.OPEN)
    elif message.author_id:
        if ticket.asked_at:
            ticket.first_reply_at = ticket.first_reply_at or entry.at
        ticket.promises.keep_answered()
        ticket.waiting_since, ticket.unread_count = None, 0
        if ticket.status == Status.PENDING:
            ticket.promises.follow()
        else:
            enter_status(ticket, Status.PENDING)


def _end(ticket: Ticket, script: Script, last: datetime, now: datetime) -> None:
    """Enter the status the script ends in; what was solved a week ago is closed by now."""
    if script.status == Status.ON_HOLD:
        with clock.at(last + timedelta(minutes=1)):
            enter_status(ticket, Status.ON_HOLD, reason=script.hold, until=now + _COMES_BACK)
    if script.status not in (Status.SOLVED, Status.CLOSED):
        return
    solved = min(last + timedelta(minutes=40), now)
    ticket.waiting_since, ticket.unread_count = None, 0
    for status, at in ((Status.SOLVED, solved), (Status.CLOSED, solved + _CLOSES)):
        if at <= now:
            with clock.at(at):
                enter_status(ticket, status)
