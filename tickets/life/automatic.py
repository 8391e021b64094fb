"""What happens to tickets in time: solved ones close, closed ones are archived, and promises are missed.

Rule: docs/rules.md#k5.
"""

from collections.abc import Sequence
from typing import Any

from crm.kernel import clock
from crm.platform.work import due
from tickets.models import Entry, Status, Ticket, TicketClock
from tickets.models.ticket_verbs.ending import ARCHIVE, CLOSE, end_dates


def close_solved(ids: Sequence[int]) -> None:
    """Close tickets that were solved long enough ago; those that opened again meanwhile are left alone."""
    for ticket in Ticket.lock_all(Ticket.objects.filter(pk__in=ids, status=Status.SOLVED)):
        if _has_come(ticket, CLOSE):
            ticket.close(by=None, cause="auto")


def archive_closed(ids: Sequence[int]) -> None:
    """Archive tickets that were closed long enough ago."""
    for ticket in Ticket.lock_all(Ticket.objects.filter(pk__in=ids, status=Status.CLOSED)):
        if _has_come(ticket, ARCHIVE):
            ticket.archive(by=None)


def _has_come(ticket: Ticket, kind: str) -> bool:
    """True if that time has come by the present settings; a later one is scheduled."""
    at = dict(end_dates(ticket)).get(kind)
    if at and at > clock.now():
        due.schedule(kind, ticket.pk, at)
    return at is not None and at <= clock.now()


def legally_held(sender: Any, *, messages: Sequence[int], **_more: Any) -> set[int]:
    """Say of which messages nothing may be removed: those on tickets under legal hold."""
    on_hold = Entry.objects.filter(message__in=messages, ticket__legal_hold=True)
    return set(on_hold.values_list("message_id", flat=True))


def record_misses(clock_ids: Sequence[int]) -> None:
    """Mark those of these promises missed that are late; each event is recorded as it is written."""
    now = clock.now()
    of_these = TicketClock.objects.filter(pk__in=clock_ids).values("ticket_id")
    tickets = Ticket.lock_all(Ticket.objects.filter(pk__in=of_these))
    for ticket in tickets:
        for promise in ticket.promises.clocks():
            promise.miss_if_late(now)
    Ticket.save_parts(tickets)
