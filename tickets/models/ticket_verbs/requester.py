"""The requester of a ticket: the participant whose matter it is."""

from typing import Any

from crm.kernel import clock
from crm.people.models import ContactPoint
from tickets.models.ticket_columns import TicketColumns


def mark_requester(ticket: TicketColumns) -> None:
    """Mark the ticket's person as its requester among the participants, adding them by an address if needed."""
    if ticket.person_id is None:
        return
    participants = ticket.participants.all()
    participants.filter(is_requester=True).exclude(person_id=ticket.person_id).update(is_requester=False)
    of_person = participants.filter(person_id=ticket.person_id)
    if of_person.filter(is_requester=True).exists():
        return
    requester = of_person.order_by("pk").first() or _add_person(ticket)
    if requester:
        requester.is_requester = True
        requester.confirmed_at = requester.confirmed_at or clock.now()
        requester.save(update_fields=["is_requester", "confirmed_at"])


def _add_person(ticket: TicketColumns) -> Any:
    """Add the ticket's person as a participant, by an email address before a number; None without either."""
    points = ContactPoint.objects.filter(person_id=ticket.person_id).order_by("kind", "pk")
    point = points.first()  # "email" sorts before "phone"
    if point is None:
        return None
    columns = {"person_id": ticket.person_id, "name": ticket.customer_name, "role": "customer"}
    participant, created = ticket.participants.get_or_create(address=point.value, defaults=columns)
    if not created and participant.person_id is None:
        participant.person_id = ticket.person_id
        participant.save(update_fields=["person_id"])
    return participant
