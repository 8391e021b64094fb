"""Sync the customer's name to their tickets: it is denormalised, so that the list needs no join."""

from collections.abc import Sequence

from crm.people.models import Person
from crm.platform.models import Event
from tickets.models import Ticket

# By these a customer is called otherwise, or tickets have another customer.
EVENTS = ("person.corrected", "person.merged", "person.taken_apart")


def follow_names(changes: Sequence[Event]) -> None:
    """Copy the current names of these customers to their tickets. Idempotent."""
    people = {event.subject_id for event in changes} | {event.data.get("merged", 0) for event in changes}
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        Ticket.objects.filter(person=person).exclude(customer_name=person.name).update(customer_name=person.name)
