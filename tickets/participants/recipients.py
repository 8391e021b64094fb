"""Who may get an answer besides the customer: those who take part, and nobody else (RULES 3.1)."""

from crm.people.models import Person
from tickets.models import Participant, Ticket
from tickets.participants.visibility import HOUSEHOLD, may_be_answered

MOST = 20


def copies(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Return the others with a mail address to whom an answer may go, as name and address; none of them by itself."""
    others = Participant.objects.filter(ticket=ticket, is_requester=False).order_by("pk")
    mails = [one for one in others if "@" in one.address and may_be_answered(one)]
    return tuple((one.name, one.address) for one in mails[:MOST])


def household(ticket: Ticket) -> tuple[Person, ...]:
    """Return the other confirmed people whose matter it is: of a merged conversation, or the spouse."""
    others = Participant.objects.filter(ticket=ticket, person__isnull=False, role__in=HOUSEHOLD)
    others = others.exclude(person_id=ticket.person_id).select_related("person").order_by("pk")
    people = {one.person_id: one.person for one in others[:MOST] if may_be_answered(one)}
    return tuple(people.values())
