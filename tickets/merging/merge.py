"""Merge a ticket into another; undo a merge or a split."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Draft
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.events import events
from crm.platform.models import Member
from tickets.merging.current_ticket import current_ticket
from tickets.merging.standing import stand_anew
from tickets.models import Entry, EntryMove, Participant, Status, Ticket
from tickets.models.ticket_verbs.ending import schedule_end
from tickets.models.ticket_verbs.status_change import enter_status

# Of the source, what taking back restores.
_BEFORE = ("status", "solved_at", "closed_at")
# Beside them, the person that a target without one took over.
_GAVE = "person"


class Unconfirmed(Refused):
    """The tickets are of two brands or customers, and the member has not confirmed the merge."""


@transaction.atomic
def merge(source: Ticket, target: Ticket, *, by: Member | None, confirmed: bool = False) -> EntryMove:
    """Move everything from the source to the target, or the target's merge target, and end the source.

    Raises Refused where there is nothing to merge or a colleague has the source, Unconfirmed for other brands or
    customers.
    """
    target = current_ticket(target)
    lock_both(source, target)
    _check_merge(source, target, by, confirmed=confirmed)
    before = {name: _to_json(getattr(source, name)) for name in _BEFORE}
    given_person = None
    if target.person_id is None:
        given_person = source.person
    if given_person:
        before[_GAVE] = given_person.pk
    move = _create_move(source, target, Entry.objects.of(source), is_merge=True, by=by, before=before)
    if given_person:
        target.set_person(given_person, by=by)
    Draft.move_all(f"ticket {source.pk}", f"ticket {target.pk}")
    source.merged_into = target
    source.waiting_since = None
    source.unread_count = 0
    source.snoozed_until = None
    columns = enter_status(source, Status.CLOSED)
    source.save(update_fields=[*columns, "merged_into_id", "waiting_since", "unread_count", "snoozed_until"])
    source._schedule_crossing()
    schedule_end(source)
    stand_anew(target)
    for ticket, kind, other in ((source, "ticket.merged", target), (target, "ticket.received_merge", source)):
        data = {"ticket": other.pk, "number": other.number, "entries": len(move.entries)}
        events.record(kind, subject=ticket, by=by, data=data, job_id=ticket.event_job_id)
    return move


def _check_merge(source: Ticket, target: Ticket, by: Member | None, *, confirmed: bool) -> None:
    if source.pk == target.pk:
        raise Refused(_("That is this same conversation."))
    if source.merged_into_id:
        raise Refused(_("It is already merged."))
    if source.sole_reader_id != target.sole_reader_id:
        raise Refused(_("One of them is private. Share it with your colleagues first."))
    if target.status == Status.CLOSED:
        raise Refused(_("#%(number)s is closed. Choose an open conversation.") % {"number": target.number})
    # Elsewhere merging was used to claim another's customer (docs/rules.md#complaints).
    if by and source.member_id not in (None, by.pk, target.member_id) and not allows(by, "tickets.assign"):
        raise Refused(_("It is assigned to a colleague. Ask them or a manager to merge it."))
    people = {source.person_id, target.person_id} - {None}
    if not confirmed and (source.brand_id != target.brand_id or len(people) > 1):
        raise Unconfirmed(_("They belong to different customers or brands. Confirm that you want to merge them."))


@transaction.atomic
def take_back(move: EntryMove, *, by: Member | None) -> Ticket:
    """Undo a merge or split: entries that are still there move back. Idempotent. Returns the source."""
    source = move.source
    target = move.target
    lock_both(source, target)
    move = EntryMove.objects.select_for_update().get(pk=move.pk)
    if move.undone_at:
        return source
    # Merged further, what moved is elsewhere by now: the later merge is taken back first.
    if target.merged_into_id or (move.is_merge and source.merged_into_id != target.pk):
        raise Refused(_("It was changed in the meantime and can’t be undone."))
    Entry.objects.of(target).filter(pk__in=move.entries).update(ticket=source)
    Participant.objects.filter(ticket=target, pk__in=move.participants).update(ticket=source)
    if move.is_merge:
        _restore_source(source, move.source_before)
        _take_person_back(target, move.source_before.get(_GAVE))
    elif not Entry.objects.of(target).exists():
        target.merged_into = source
        target.save(update_fields=[*enter_status(target, Status.CLOSED), "merged_into_id"])
        target._schedule_crossing()
    move.undone_at = clock.now()
    move.save(update_fields=["undone_at"])
    for ticket in (source, target):
        if not ticket.merged_into_id:
            stand_anew(ticket)
        data = {"of": "ticket.merged" if move.is_merge else "ticket.split"}
        events.record("ticket.undone", subject=ticket, by=by, data=data, job_id=ticket.event_job_id)
    return source


def _restore_source(source: Ticket, before: dict[str, Any]) -> None:
    """Restore the source's status before the merge; its clock starts now."""
    status = Status(before["status"])
    columns = enter_status(source, Status.OPEN if status == Status.ON_HOLD else status)
    for name in ("solved_at", "closed_at"):
        setattr(source, name, datetime.fromisoformat(before[name]) if before[name] else None)
    source.merged_into = None
    source.save(update_fields=[*columns, "merged_into_id"])
    source._schedule_crossing()


def _take_person_back(target: Ticket, person_id: int | None) -> None:
    """Clear the target's person, if it is still the one it took over."""
    if person_id is not None and target.person_id == person_id:
        requester = Participant.objects.filter(ticket=target).order_by("-is_requester", "pk").first()
        target.person = None
        if requester:
            target.customer_name = (requester.name or requester.address)[:200]
        else:
            target.customer_name = ""
        target.save(update_fields=["person_id", "customer_name"])


def lock_both(one: Ticket, other: Ticket) -> None:
    """Lock two tickets in primary key order, to avoid deadlocks."""
    for ticket in sorted((one, other), key=lambda each: each.pk):
        ticket.lock()


def _create_move(
    source: Ticket, target: Ticket, entries: Any, *, is_merge: bool, by: Member | None, before: dict[str, Any]
) -> EntryMove:
    ids = sorted(entries.values_list("pk", flat=True))
    Entry.objects.filter(pk__in=ids).update(ticket=target)
    participants = []
    if is_merge:
        participants = _take_along(source, target)
    move: EntryMove = EntryMove.objects.create(
        is_merge=is_merge,
        source=source,
        target=target,
        entries=ids,
        participants=participants,
        source_before=before,
        by=by,
    )
    move.refresh_from_db(fields=["uid"])
    return move


def move_entries(source: Ticket, target: Ticket, entries: Iterable[Entry], *, by: Member | None) -> EntryMove:
    """Move some entries to another ticket; both must be locked."""
    chosen = Entry.objects.of(source).filter(pk__in=[entry.pk for entry in entries])
    return _create_move(source, target, chosen, is_merge=False, by=by, before={})


def _take_along(source: Ticket, target: Ticket) -> list[int]:
    """Move participants the target lacks; the requester stays."""
    there = Participant.objects.filter(ticket=target).values_list("address", flat=True)
    moving = Participant.objects.filter(ticket=source).exclude(address__in=list(there))
    ids = sorted(moving.values_list("pk", flat=True))
    Participant.objects.filter(pk__in=ids).update(ticket=target, is_requester=False)
    return ids


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value
