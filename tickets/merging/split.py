"""Split messages off a ticket into a new one of the same customer."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from tickets.merging.merge import move_entries
from tickets.merging.standing import stand_anew
from tickets.models import Entry, EntryMove, Participant, Ticket


@transaction.atomic
def split(ticket: Ticket, entries: Sequence[Entry], *, by: Member | None, subject: str = "") -> EntryMove:
    """Move some entries to a new ticket; if they name another place, it is attached to the job there.

    Raises Refused for none, or for all of them.
    """
    ticket.lock()
    ids = {entry.pk for entry in entries if entry.ticket_id == ticket.pk}
    if not ids:
        raise Refused(_("Select the messages to split off."))
    if not Entry.objects.of(ticket).exclude(pk__in=ids).exists():
        raise Refused(_("At least one message has to stay. Select fewer."))
    first = min(entries, key=lambda entry: (entry.at, entry.pk))
    if first.message:
        medium = first.message.medium
    else:
        medium = ticket.medium
    new_subject = subject.strip() or (first.message.subject or first.message.text[:60] if first.message else "")
    begun = Ticket.begin(
        brand=ticket.brand,
        subject=new_subject or ticket.subject,
        person=ticket.person,
        job=None if ticket.sole_reader_id else _job_named(ticket, entries, by),
        medium=medium,
        priority=ticket.priority,
        by=by,
        at=first.at,
        member_id=ticket.member_id,
        team_id=ticket.team_id,
        sole_reader_id=ticket.sole_reader_id,
        continues=ticket,
    )
    _copy_requester(ticket, begun)
    move = move_entries(ticket, begun, entries, by=by)
    _forget_suggestions(entries)
    for each in (ticket, begun):
        stand_anew(each)
    data = {"ticket": begun.pk, "number": begun.number, "entries": len(ids)}
    events.record("ticket.split", subject=ticket, by=by, data=data, job_id=ticket.event_job_id)
    return move


def _copy_requester(ticket: Ticket, begun: Ticket) -> None:
    begun.customer_name = ticket.customer_name
    begun.save(update_fields=["customer_name"])
    requester = Participant.objects.filter(ticket=ticket, is_requester=True).first()
    if requester:
        names = ("person_id", "address", "name", "role", "confirmed_at")
        Participant.objects.create(
            ticket=begun, is_requester=True, **{name: getattr(requester, name) for name in names}
        )


def _job_named(ticket: Ticket, entries: Sequence[Entry], by: Member | None) -> Job | None:
    """Return the customer's job at the named place that the member sees: open ones first, newest first."""
    places = {entry.evidence["split"]["property"] for entry in entries if "split" in entry.evidence}
    if by is None or len(places) != 1 or ticket.person_id is None:
        return None
    theirs = Job.objects.visible_to(by).filter(person_id=ticket.person_id, site_id__in=places)
    return min(theirs.order_by("-came_in_at", "-pk")[:20], key=lambda job: not job.is_open, default=None)


def _forget_suggestions(entries: Sequence[Entry]) -> None:
    """Dismiss the suggestions of entries that were split off."""
    for entry in entries:
        if entry.evidence.pop("split", None) is not None:
            entry.save(update_fields=["evidence"])
