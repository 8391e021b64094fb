"""Keep the name that a ticket shows of its customer: it is a column of the ticket, so that the list needs no join."""

from collections.abc import Sequence

from crm.people.models import Person
from crm.platform.models import Event
from tickets.models import Ticket

# By these a customer is called otherwise, or tickets have another customer.
EVENTS = ("person.corrected", "person.merged", "person.taken_apart")


def follow_names(changes: Sequence[Event]) -> None:
    """Write the present names of these customers on their tickets. Idempotent."""
    people = {event.subject_id for event in changes} | {event.data.get("merged", 0) for event in changes}
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        Ticket.objects.filter(person=person).exclude(customer_name=person.name).update(customer_name=person.name)
