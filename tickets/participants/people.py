"""Find people for a ticket: participants, search results, or a new person by address."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from comms.inbound.mailboxes import own_addresses
from crm.jobs.customer_visibility import visible_people
from crm.jobs.list.search import candidates
from crm.kernel import normalization
from crm.kernel.refusal import Refused
from crm.people.correction import rename
from crm.people.identity.names import is_name
from crm.people.models import ContactPoint, Person
from crm.people.senders import find_sender
from crm.platform.models import Member
from crm.platform.organization.readable_address import readable_address
from tickets.models import Ticket

MOST = 8


@dataclass(frozen=True)
class Known:
    """A known person, with contact points."""

    person: Person
    addresses: tuple[str, ...]


def on_ticket(ticket: Ticket, member: Member) -> list[Known]:
    """List the known participants except the requester."""
    people = (
        ticket.participants.filter(person__isnull=False).exclude(person_id=ticket.person_id or 0).values("person_id")
    )
    return _people_with_points(visible_people(member).filter(pk__in=people).order_by("name_key", "pk")[:MOST])


def search_people(text: str, member: Member) -> list[Known]:
    """Search the people visible to the member by name, number or address."""
    if len(text) < 2:
        return []
    people = visible_people(member).filter(pk__in=candidates(text, by=member).people)
    return _people_with_points(people.order_by("name_key", "pk")[:MOST])


def _people_with_points(people: Sequence[Person]) -> list[Known]:
    rows = list(people)
    points: dict[int, list[str]] = {}
    for point in ContactPoint.objects.filter(person__in=rows).order_by("kind", "pk"):
        points.setdefault(point.person_id, []).append(readable_address(point.value))
    return [Known(person, tuple(points.get(person.pk, ()))) for person in rows]


def read_address(text: str, country: str) -> tuple[str, str]:
    """Return kind and normalised value of typed text. Raises Refused if invalid, or one of our own."""
    if "@" in text:
        value = normalization.parse_email(text)
        if value in own_addresses():
            raise Refused(_("That is an address of ours."))
        return "email", value
    if number := normalization.normalize_phone(text, country):
        return "phone", number
    raise Refused(_("That is not a valid email address or phone number."))


@transaction.atomic
def somebody_new(name: str, address: str, *, ticket: Ticket, by: Member) -> Person:
    """Return a new customer by name and address; an existing one if the member sees a match of both.

    Whoever wrote on the ticket and is not confirmed yet gets the name. Whoever is hidden from the member stays so:
    they get a record of its own. Raises Refused.
    """
    name = " ".join(name.split())[:200]
    if not name:
        raise Refused(_("Enter a name."))
    if not address.strip():
        person: Person = Person.objects.create(name=name)
        return person
    kind, value = read_address(address, str(ticket.brand.country))
    person = _unconfirmed_sender(ticket, value) or _find_person(kind, value, name, by)
    if person.unconfirmed_since or not is_name(person.name):
        rename(person, name, by=by)
        person.refresh_from_db()
        person.confirm(by=by)
    return person


def _unconfirmed_sender(ticket: Ticket, value: str) -> Person | None:
    """Return the ticket's person if unconfirmed and the address is theirs."""
    person: Person | None = ticket.person
    if person is None or person.unconfirmed_since is None:
        return None
    if ContactPoint.objects.filter(person=person, value=value).exists():
        return person
    return None


def _find_person(kind: str, value: str, name: str, by: Member) -> Person:
    sender = find_sender(kind, value, name, among=visible_people(by))
    if sender.person is None:
        raise Refused(sender.why)
    return sender.person
