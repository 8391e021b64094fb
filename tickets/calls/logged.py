"""Calls logged by members: on a ticket, and so on its lead, or the other way round."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from comms.models import Direction, Medium, Message
from crm.jobs.models import ContactOutcome, Job, Note
from crm.jobs.next_step import signals
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform import undo
from crm.platform.models import Event, Member
from tickets.matching.evidence import Evidence
from tickets.merging.current_ticket import lock_current_ticket
from tickets.models import Entry, Status, Ticket

# How a call may end; and what an event of the lead says it was logged on, so that it is not put there again.
OUTCOMES = (ContactOutcome.REACHED, ContactOutcome.NO_ANSWER, ContactOutcome.MESSAGE_LEFT)
CAUSE = "ticket.called"
LONGEST = 10_000


@transaction.atomic
def log_call(ticket: Ticket, outcome: str, *, by: Member, note: str = "") -> Entry:
    """Log a call to the customer. If it reached them, it is an answer; a call planned on the lead is done.

    Raises Refused for a closed ticket, ValueError for no outcome.
    """
    outcome = ContactOutcome(outcome)
    note = note.replace("\0", "").strip()[:LONGEST]
    if outcome not in OUTCOMES:
        raise ValueError(f"a call does not end as {outcome.value!r}")
    ticket.lock()
    ticket.refuse_closed()
    at = clock.now()
    with undo.record_undoable(CAUSE, [ticket], by=by, locked=True) as change:
        entry = _add_call_entry(ticket, outcome, by=by, at=at, note=note, evidence={"call": outcome})
    entry.evidence |= {"change": str(change.uid)} if change.pk is not None else {}
    if ticket.job:
        ticket.job.contact("call", outcome, by=by, note=note, at=at, cause=CAUSE)
        signals.contact_logged.send(Job, job=ticket.job, kind="call", outcome=outcome, by=by)
        entry.evidence |= {"contacted_at": at.isoformat()}
    entry.save(update_fields=["evidence"])
    return entry


@transaction.atomic
def take_back_call(entry: Entry, *, by: Member) -> None:
    """Undo a call that was logged by mistake, on its ticket and lead. Idempotent.

    Raises Refused for a colleague's, too late, or where somebody has changed the ticket since.
    """
    entry.lock()
    call = Message.objects.get(pk=entry.message_id)
    if call.state == Message.State.CANCELLED:
        return
    if change := entry.evidence.get("change"):
        undo.undo_change(UUID(change), by=by)
    call.state = Message.State.CANCELLED
    call.save(update_fields=["state"])
    if entry.ticket.job and (at := entry.evidence.get("contacted_at")):
        entry.ticket.job.withdraw_contact(datetime.fromisoformat(at))


def place_logged(contacted: Sequence[Event]) -> None:
    """Place calls logged on a lead on the newest open ticket of that lead, or of its customer. Idempotent.

    A call that a provider reported is a message already; without an open ticket the lead's timeline has it alone.
    """
    for event in contacted:
        event_data = event.data
        if event_data.get("kind") != "call" or event_data.get("cause") or event.actor_id is None:
            continue
        job = Job.objects.select_related("person", "brand").filter(pk=event.subject_id).first()
        ticket = None
        if job:
            ticket = _newest_open(job)
        if job and ticket:
            _place_call(event, ticket)


def _newest_open(job: Job) -> Ticket | None:
    still_open = Ticket.objects.open().filter(merged_into=None)
    about = still_open.filter(job=job).order_by("-last_message_at", "-pk").first()
    of_person = still_open.filter(person_id=job.person_id or 0, job=None, brand_id=job.brand_id)
    ticket: Ticket | None = about or of_person.order_by("-last_message_at", "-pk").first()
    return ticket


def _place_call(event: Event, found: Ticket) -> None:
    ticket = lock_current_ticket(found)
    # The ticket's lock is held: nobody else places this event now.
    if ticket.status == Status.CLOSED or Entry.objects.filter(ticket=ticket, evidence__event=event.pk).exists():
        return
    note = Note.objects.filter(pk=event.data.get("note") or 0).first()
    by = Member.objects.get(pk=event.actor_id)
    outcome = event.data["outcome"]
    evidence = {"call": outcome, "event": event.pk}
    _add_call_entry(ticket, outcome, by=by, at=event.at, note=note.body if note else "", evidence=evidence)


def _add_call_entry(
    ticket: Ticket, outcome: str, *, by: Member, at: datetime, note: str, evidence: dict[str, str | int]
) -> Entry:
    """Add a call to a locked ticket, not to the lead, whose timeline has the call's own event."""
    phones = ContactPoint.objects.filter(person_id=ticket.person_id or 0, kind=ContactPoint.PointKind.PHONE)
    point = phones.order_by("pk").first()
    call = Message.objects.create(
        brand=ticket.brand,
        medium=Medium.CALL,
        direction=Direction.OUT,
        state=Message.State.SENT,
        person=ticket.person,
        contact_point=point,
        address=point.value if point else "",
        at=at,
        author=by,
        text=note,
        duration=None if outcome == ContactOutcome.REACHED else 0,
    )
    entry: Entry = Entry.objects.add_message(ticket, call, matched_by=Evidence.WRITTEN, evidence=evidence)
    ticket.reply(call, by=by if outcome == ContactOutcome.REACHED else None)
    return entry
