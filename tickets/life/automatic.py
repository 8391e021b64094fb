"""Scheduled work on tickets: close solved ones, archive closed ones, record missed response times.

Rule: docs/rules.md#k5.
"""

from collections.abc import Sequence
from typing import Any

from crm.kernel import clock
from crm.platform.work import due
from tickets.models import Entry, Status, Ticket, TicketClock
from tickets.models.ticket_verbs.ending import ARCHIVE, CLOSE, end_dates


def close_solved(ids: Sequence[int]) -> None:
    """Close tickets solved long enough ago; skips reopened ones."""
    for ticket in Ticket.lock_all(Ticket.objects.filter(pk__in=ids, status=Status.SOLVED)):
        if _has_come(ticket, CLOSE):
            ticket.close(by=None, cause="auto")


def archive_closed(ids: Sequence[int]) -> None:
    """Archive tickets that were closed long enough ago."""
    for ticket in Ticket.lock_all(Ticket.objects.filter(pk__in=ids, status=Status.CLOSED)):
        if _has_come(ticket, ARCHIVE):
            ticket.archive(by=None)


def _has_come(ticket: Ticket, kind: str) -> bool:
    """True if the time has come by the current settings; a later one is rescheduled."""
    at = dict(end_dates(ticket)).get(kind)
    if at and at > clock.now():
        due.schedule(kind, ticket.pk, at)
    return at is not None and at <= clock.now()


def legally_held(sender: Any, *, messages: Sequence[int], **_more: Any) -> set[int]:
    """Return which of these messages must be kept: those on tickets under legal hold."""
    on_hold = Entry.objects.filter(message__in=messages, ticket__legal_hold=True)
    return set(on_hold.values_list("message_id", flat=True))


def record_misses(clock_ids: Sequence[int]) -> None:
    """Mark overdue response times as missed, and record an event each."""
    now = clock.now()
    of_these = TicketClock.objects.filter(pk__in=clock_ids).values("ticket_id")
    tickets = Ticket.lock_all(Ticket.objects.filter(pk__in=of_these))
    for ticket in tickets:
        for promise in ticket.promises.clocks():
            promise.miss_if_late(now)
    Ticket.save_parts(tickets)
