"""End of a ticket (docs/rules.md#k5): closing, archiving and legal hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.work import due
from tickets.models.policy import life_policy
from tickets.models.status import Status
from tickets.models.ticket_columns import TicketColumns

# The Due of its end, at an instant that its own columns and the tenant's policy give.
CLOSE = "ticket.close"
ARCHIVE = "ticket.archive"


def end_dates(ticket: TicketColumns) -> Iterator[tuple[str, datetime]]:
    """Yield the kind and time of the next scheduled work."""
    policy = life_policy()
    if ticket.status == Status.SOLVED and ticket.solved_at:
        yield CLOSE, ticket.solved_at + timedelta(days=policy.close_days)
    if ticket.status == Status.CLOSED and ticket.closed_at and not ticket.archived_at:
        yield ARCHIVE, ticket.closed_at + timedelta(days=policy.archive_days)


def schedule_end(ticket: TicketColumns) -> None:
    """Schedule the closing or archiving; the work checks when it comes whether it still applies."""
    for kind, at in end_dates(ticket):
        due.schedule(kind, ticket.pk, at)


def is_past_reopening(ticket: TicketColumns, at: datetime) -> bool:
    """True if it was solved so long before an instant that a reply does not open it again."""
    if ticket.status != Status.SOLVED or ticket.solved_at is None:
        return False
    return at > ticket.solved_at + timedelta(days=life_policy().reopen_days)


def set_legal_hold(ticket: TicketColumns, is_on: bool, kind: str, reason: str, *, by: Member) -> None:
    """Place or lift the legal hold of a locked ticket. Idempotent. Raises Refused without a reason."""
    if ticket.legal_hold == is_on:
        return
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused(gettext("Enter a reason."))
    ticket.legal_hold = is_on
    ticket.save(update_fields=["legal_hold"])
    ticket._record(kind, by, {"reason": reason})
