"""Decisions of a member on a suggested match: confirm it, dismiss it, or keep the message here."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models.visibility import limited_to
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from tickets.matching.evidence import Evidence
from tickets.merging.current_ticket import current_ticket
from tickets.merging.merge import lock_both, merge, move_entries
from tickets.merging.standing import stand_anew
from tickets.models import Entry, EntryMove, Status, Ticket


def may_look_at(entry: Entry, member: Member) -> int | None:
    """Return the current number of the suggested ticket; None if the member may not see it."""
    suggestion = entry.evidence["possible"]
    if limited_to(member) is None:
        return int(suggestion["number"])
    seen = Ticket.objects.visible_to(member)
    other = seen.filter(pk=suggestion["ticket"]).first()
    target = None
    if other:
        target = current_ticket(other)
    if target is None or (target != other and not seen.filter(pk=target.pk).exists()):
        return None
    return target.number


@transaction.atomic
def confirm_match(entry: Entry, *, by: Member) -> EntryMove:
    """Move an entry to the suggested ticket; if its own ticket has no other entry, merge that.

    Raises Refused where nothing suggests one any more, or that one is closed.
    """
    suggestion = entry.evidence.get("possible")
    other = None
    if suggestion:
        other = Ticket.objects.filter(pk=suggestion["ticket"]).first()
    if other is None:
        raise Refused(_("A colleague has already decided this."))
    own = entry.ticket
    target = current_ticket(other)
    lock_both(own, target)
    entry.lock()
    if entry.evidence.pop("possible", None) is None or entry.ticket_id != own.pk or own.pk == target.pk:
        raise Refused(_("A colleague has already decided this."))
    if target.status == Status.CLOSED:
        raise Refused(_("That conversation is closed, and takes no more messages."))
    entry.matched_by = Evidence.BY_HAND
    entry.save(update_fields=["matched_by", "evidence"])
    if not own.entries.exclude(pk=entry.pk).exists():
        return merge(own, target, by=by, confirmed=True)
    move = move_entries(own, target, [entry], by=by)
    for ticket in (own, target):
        stand_anew(ticket)
    events.record("entry.joined", subject=entry, by=by, data={"to": target.pk}, job_id=target.job_id)
    return move


@transaction.atomic
def keep_together(entry: Entry, *, by: Member) -> None:
    """Record that a message belongs here even if it names another place. Idempotent."""
    _remove_suggestion(entry, "split", "entry.kept_together", by)


@transaction.atomic
def dismiss_match(entry: Entry, *, by: Member) -> None:
    """Dismiss a suggestion: the message stays, and it is not suggested again. Idempotent."""
    _remove_suggestion(entry, "possible", "entry.kept", by)


def _remove_suggestion(entry: Entry, suggestion: str, kind: str, by: Member) -> None:
    entry.lock()
    if entry.evidence.pop(suggestion, None) is not None:
        entry.save(update_fields=["evidence"])
        events.record(kind, subject=entry, by=by)
