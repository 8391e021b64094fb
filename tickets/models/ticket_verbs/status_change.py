"""Changing the status of a ticket (docs/rules.md#k5). The caller has locked it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.clocked import forever
from crm.jobs.models import Level, Side
from crm.jobs.models.queryset import mirror_time
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from tickets.models.clocked_ticket import ClockedTicket
from tickets.models.status import SIDES, STEPS, Status
from tickets.models.ticket_verbs.assignment import assign_tickets
from tickets.models.ticket_verbs.ending import schedule_end

_ENDED = (Status.SOLVED, Status.CLOSED)


def change_status(
    ticket: ClockedTicket,
    status: Status,
    kind: str,
    data: dict[str, Any],
    *,
    by: Member | None,
    reason: str = "",
    until: datetime | None = None,
) -> None:
    """Save another status and record it as an event of `kind`."""
    before = ticket.status
    ticket.save(update_fields=enter_status(ticket, status, reason=reason, until=until))
    ticket._schedule_crossing()
    schedule_end(ticket)
    ticket._record(kind, by, {"from": before, **data})


def enter_status(
    ticket: ClockedTicket, status: Status, *, reason: str = "", until: datetime | None = None
) -> tuple[str, ...]:
    """Set the status and start, hold or stop the clock. Returns the columns to save."""
    now = clock.now()
    if ticket.instants:
        level = ageing.level(now, ticket.instants)
    else:
        level = ticket.level_at(now)
    append_past(ticket, level.css)
    ticket.status = status
    ticket.status_since = now
    if status in _ENDED:
        ticket.solved_at = ticket.solved_at or now
    else:
        ticket.solved_at = None
    if status == Status.CLOSED:
        ticket.closed_at = now
    else:
        ticket.closed_at = None
    if status in _ENDED:
        ticket._stop_clock(Level.ENDED, mirror_time(now))
    elif status == Status.ON_HOLD:
        _hold_clock(ticket, reason, until)
    else:
        side = SIDES[status]
        ticket._start_clock(side, ticket._allowance(theirs=side == Side.CUSTOMER))
    return ticket.STATUS_COLUMNS


def _hold_clock(ticket: ClockedTicket, reason: str, until: datetime | None) -> None:
    if ticket.side == Side.CUSTOMER:  # when it comes back it is our move, with our time
        ticket._start_clock(Side.US, ticket._allowance())
    ticket._stop_clock(Level.HOLD, until or forever())
    ticket.paused_from = Side.US
    ticket.side = Side.PAUSED
    ticket.pause_reason = reason[:120]
    ticket.pause_ends_at = until


def append_past(ticket: ClockedTicket, level: str) -> None:
    """Append the left status, with its level, to `past`."""
    ticket.past = f"{ticket.past} {STEPS[Status(ticket.status)]}:{level}".strip()


def hold_ticket(
    ticket: ClockedTicket, *, reason: str, until: datetime | None, by: Member | None, version: str | None
) -> None:
    """Put a locked ticket on hold. Raises Refused without a reason or an end."""
    if ticket.status == Status.ON_HOLD or not ticket.is_open:
        return
    ticket.expect_version(version)
    if until is None or not reason.strip():
        raise Refused(gettext("Enter what it is waiting for, and until when."))
    data = {"until": until.isoformat()}
    change_status(ticket, Status.ON_HOLD, "ticket.paused", data, by=by, reason=reason, until=until)


def leave_hold(ticket: ClockedTicket) -> None:
    """Open a locked ticket whose clock runs again after a pause."""
    if ticket.status == Status.ON_HOLD and ticket.side != Side.PAUSED:
        append_past(ticket, "hold")
        ticket.status = Status.OPEN
        ticket.status_since = clock.now()
        ticket.save(update_fields=["status", "status_since", "past"])


def turn_ticket(ticket: ClockedTicket, side: str, *, by: Member | None, version: str | None) -> None:
    """Make it the customer's move on a locked ticket, or ours."""
    if side == Side.CUSTOMER:
        status = Status.PENDING
    else:
        status = Status.OPEN
    if ticket.status != status and ticket.is_open:
        ticket.expect_version(version)
        change_status(ticket, status, "ticket.turned", {"side": side}, by=by)


def solve_ticket(ticket: ClockedTicket, *, by: Member | None, version: str | None) -> None:
    """Solve a locked ticket; an unassigned one is assigned to `by`. Idempotent. Raises Refused without either."""
    if ticket.status in _ENDED:
        return
    ticket.expect_version(version)
    if ticket.member_id is None:
        if by is None:
            raise Refused(gettext("It is unassigned. Assign it first."))
        assign_tickets([(ticket, by)], by=by, cause="solved")
    _clear_waiting(ticket)
    change_status(ticket, Status.SOLVED, "ticket.solved", {}, by=by)


def close_ticket(ticket: ClockedTicket, *, by: Member | None, cause: str, version: str | None) -> None:
    """Close a locked ticket for good. Idempotent."""
    if ticket.status == Status.CLOSED:
        return
    ticket.expect_version(version)
    _clear_waiting(ticket)
    change_status(ticket, Status.CLOSED, "ticket.closed", {"cause": cause} if cause else {}, by=by)


def _clear_waiting(ticket: ClockedTicket) -> None:
    """Save that the customer no longer waits and the ticket is no longer snoozed."""
    ticket.waiting_since = None
    ticket.unread_count = 0
    ticket.snoozed_until = None
    ticket.save(update_fields=["waiting_since", "unread_count", "snoozed_until"])


def reopen_ticket(ticket: ClockedTicket, *, by: Member | None, version: str | None) -> None:
    """Open a locked, solved ticket again. Idempotent. Raises Refused for a closed one."""
    if ticket.status == Status.CLOSED:
        raise Refused(gettext("It is closed. Write a message to start a new conversation."))
    if ticket.status == Status.SOLVED:
        ticket.expect_version(version)
        change_status(ticket, Status.OPEN, "ticket.reopened", {}, by=by)


def archive_ticket(ticket: ClockedTicket, *, by: Member | None) -> None:
    """Take a locked, closed ticket out of the lists. Idempotent."""
    if ticket.status == Status.CLOSED and not ticket.archived_at:
        ticket.archived_at = clock.now()
        ticket.save(update_fields=["archived_at"])
        ticket._record("ticket.archived", by, {})
