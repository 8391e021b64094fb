"""Calls on tickets: one that a colleague logged on the lead stands on the ticket, too, with how it went."""

from collections.abc import Sequence

from comms.models import Direction, Medium, Message
from crm.jobs.models import ContactOutcome, Job, Note
from crm.people.models import ContactPoint
from crm.platform.models import Event, Member
from tickets.matching.evidence import Evidence
from tickets.matching.homes import locked
from tickets.models import Entry, Status, Ticket


def place_logged(contacted: Sequence[Event]) -> None:
    """Put calls that were logged by hand on the newest open ticket about the lead, or of its customer. Again: nothing.

    A call that a provider reported is a message already; without an open ticket the lead's timeline has it alone.
    """
    for event in contacted:
        told = event.data
        if told.get("kind") != "call" or told.get("cause") or event.actor_id is None:
            continue
        job = Job.objects.select_related("person", "brand").filter(pk=event.subject_id).first()
        ticket = _newest_open(job) if job else None
        if job and ticket:
            _place(event, job, ticket)


def _newest_open(job: Job) -> Ticket | None:
    still_open = Ticket.objects.open().filter(merged_into=None)
    about = still_open.filter(job=job).order_by("-last_message_at", "-pk").first()
    of_person = still_open.filter(person_id=job.person_id or 0, job=None, brand_id=job.brand_id)
    found: Ticket | None = about or of_person.order_by("-last_message_at", "-pk").first()
    return found


def _place(event: Event, job: Job, found: Ticket) -> None:
    ticket = locked(found)
    # The ticket's lock is held: nobody else places this event now.
    if ticket.status == Status.CLOSED or Entry.objects.filter(ticket=ticket, evidence__event=event.pk).exists():
        return
    by, outcome = Member.objects.get(pk=event.actor_id), event.data["outcome"]
    note = Note.objects.filter(pk=event.data.get("note") or 0).first()
    phones = ContactPoint.objects.filter(person_id=job.person_id or 0, kind=ContactPoint.Kind.PHONE)
    point = phones.order_by("pk").first()
    # Not of the job: its timeline has the call by its own event.
    call = Message.objects.create(
        brand=ticket.brand,
        medium=Medium.CALL,
        direction=Direction.OUT,
        state=Message.State.SENT,
        person=job.person,
        contact_point=point,
        address=point.value if point else "",
        at=event.at,
        author=by,
        text=note.body if note else "",
        duration=None if outcome == ContactOutcome.REACHED else 0,
    )
    evidence = {"call": outcome, "event": event.pk}
    Entry.objects.add_message(ticket, call, matched_by=Evidence.WRITTEN, evidence=evidence)
    ticket.reply(call, by=by if outcome == ContactOutcome.REACHED else None)
