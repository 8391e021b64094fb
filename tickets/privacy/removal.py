"""Remove conversations whose messages are removed with a disconnected mailbox (docs/private-mail.md)."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from comms.gate.consent.erasure import forget_files
from comms.models import Draft, DraftFile
from crm.kernel import clock
from tickets.merging.standing import stand_anew
from tickets.models import Entry, Status, Ticket, TicketClock


def remove_entries(sender: Any, *, ids: Sequence[int], **_more: Any) -> None:
    """Take messages off their tickets. A ticket on which nothing is left is deleted, or blanked where it is needed."""
    entries = Entry.objects.filter(message__in=ids)
    ticket_ids = list(entries.order_by().values_list("ticket", flat=True).distinct())
    tickets = Ticket.lock_all(Ticket.objects.filter(pk__in=ticket_ids))
    TicketClock.objects.filter(message__in=ids).update(message=None)
    entries.delete()
    for ticket in tickets:
        _follow_removal(ticket)


def _follow_removal(ticket: Ticket) -> None:
    rest = Entry.objects.of(ticket)
    if rest.filter(message__isnull=False).exists():
        stand_anew(ticket)
        return
    drafts = Draft.objects.filter(about=f"ticket {ticket.pk}")
    forget_files([*DraftFile.objects.filter(draft__in=drafts).values_list("file_id", flat=True)])
    drafts.delete()
    is_private = ticket.sole_reader_id is not None
    if is_private or not rest.exists():
        try:
            with transaction.atomic():
                ticket.delete()
        except (ProtectedError, IntegrityError):  # a follow-up or a merged ticket refers to it
            pass
        else:
            return
    if is_private:
        rest.exclude(body="").update(body="–")
    stand_anew(ticket)
    ticket.subject = ""
    ticket.customer_name = ""
    if ticket.is_open:
        ticket.status = Status.CLOSED
        ticket.closed_at = clock.now()
    ticket.save(update_fields=["subject", "customer_name", "status", "closed_at"])
