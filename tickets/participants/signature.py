"""Extract the customer's name and numbers from the signatures of their last messages.

Nothing is taken over by itself: the panel beside the conversation offers it, and who may be the same customer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from comms.inbound.mailboxes import own_addresses
from comms.models import Direction, Message
from crm.jobs.customer_visibility import visible_people
from crm.kernel import normalization
from crm.people.identity.names import is_name
from crm.people.identity.points import own_points
from crm.people.models import ContactPoint, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from tickets.models import Ticket

# Messages that are read, the last so many characters of each, and lines of what is folded under it.
_MOST_MESSAGES = 5
_READ = 1_000
_FOLDED_LINES = 10
# Of one customer's messages these many addresses and numbers are offered.
_MOST_POINTS = 3
# Tickets of other unconfirmed senders that are looked through for this one's number.
_MOST_OTHERS = 30
# Two to four words that begin with a capital: "Ann Smith", "– Jan de Vries".
_NAME_LINE = re.compile(r"[-–— ]{0,4}([^\W\d_][^\W\d_.'’-]{0,30}(?: [^\W\d_][^\W\d_.'’-]{0,30}){1,3})")
_ADDRESS = re.compile(r"[^\s<>(),;:]{1,64}@[^\s<>(),;:]{3,100}")


@dataclass(frozen=True)
class Signature:
    """Details from messages: a name, "" for none, and contact points as (kind, normalised value)."""

    name: str = ""
    points: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SenderDetails:
    """Details that can be saved for a ticket's customer, and possible duplicates."""

    name: str = ""
    points: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()


def sender_details(ticket: Ticket, member: Member) -> SenderDetails:
    """Return new details from the customer's messages, and possible duplicates."""
    person = ticket.person
    if person is None:
        return SenderDetails()
    signature = read_signature(_recent_messages([person.pk]), str(ticket.brand.country))
    theirs = set(ContactPoint.objects.filter(person=person).values_list("value", flat=True))
    points = tuple(point for point in signature.points if point[1] not in theirs)
    holders = ContactPoint.objects.filter(value__in=[value for _kind, value in points]).exclude(person=person)
    people = set(holders.values_list("person_id", flat=True))
    is_unknown = person.unconfirmed_since is not None or not is_name(person.name)
    if is_unknown:
        people |= _unconfirmed_people_naming(theirs, ticket, member)
    name = ""
    if is_unknown and signature.name != person.name:
        name = signature.name
    return SenderDetails(name, points, _visible_others(people, person, member))


def _visible_others(people: set[int], person: Person, member: Member) -> tuple[Person, ...]:
    """Return the other people that are visible to the member."""
    if not people:
        return ()
    others = visible_people(member).filter(pk__in=list(people)).exclude(pk=person.pk)
    return tuple(others.order_by("name_key", "pk")[:_MOST_POINTS])


def read_signature(messages: Iterable[Message], country: str) -> Signature:
    """Return the first name found, and the addresses and numbers except ours, in these messages."""
    name = ""
    points = dict[str, str]()
    ours = own_points() | own_addresses()
    for message in messages:
        lines = _signature_lines(message)
        points |= {value: kind for kind, value in _points_in("\n".join(lines), country) if value not in ours}
        name = name or _name_line(lines, country)
    return Signature(name, tuple((kind, value) for value, kind in list(points.items())[:_MOST_POINTS]))


def _recent_messages(people: list[int]) -> list[Message]:
    received = Message.objects.filter(person_id__in=people, direction=Direction.IN, automatic="")
    return list(received.filter(sole_reader__isnull=True).order_by("-at", "-pk")[: _MOST_MESSAGES * len(people)])


def _signature_lines(message: Message) -> list[str]:
    """Return the end of their text and the signature, without quotes."""
    lines = message.text[-_READ:].splitlines()
    for line in message.folded_text[:_READ].splitlines()[:_FOLDED_LINES]:
        if line.startswith((">", "On ", "Op ", "From:", "Van:", "-----")):
            break
        lines.append(line)
    return [line.strip() for line in lines if line.strip(" -–—_")]


def _points_in(text: str, country: str) -> list[tuple[str, str]]:
    numbers = phonenumbers.PhoneNumberMatcher(text, country, max_tries=20)
    phones = [normalization.normalize_phone(match.raw_string, country) for match in numbers]
    points = [("phone", value) for value in phones if value]
    emails = map(normalization.normalize_email, _ADDRESS.findall(text)[:20])
    return points + [("email", value) for value in emails if value]


def _name_line(lines: list[str], country: str) -> str:
    """Return the name in the line above the first number or address, or in the last line."""
    for at, line in enumerate(lines):
        if _points_in(line, country):
            above = [_as_name(one) for one in lines[max(0, at - 3) : at]]
            return next(filter(None, reversed(above)), "")
    if lines:
        return _as_name(lines[-1])
    return ""


def _as_name(line: str) -> str:
    match = _NAME_LINE.fullmatch(line)
    words = match[1].split() if match else []
    return " ".join(words) if words and words[0][0].isupper() and words[-1][0].isupper() else ""


def _unconfirmed_people_naming(values: set[str], ticket: Ticket, member: Member) -> set[int]:
    """Return other unconfirmed senders whose messages name one of these addresses or numbers."""
    others = Ticket.objects.visible_to(member).open().filter(person__unconfirmed_since__isnull=False)
    newest = others.exclude(person=ticket.person_id).order_by("-last_message_at", "-pk")[:_MOST_OTHERS]
    people = list(newest.values_list("person_id", flat=True))
    country = str(directory().default_brand.country)
    named = (
        (one.person_id, value)
        for one in _recent_messages(people)
        for _kind, value in _points_in("\n".join(_signature_lines(one)), country)
    )
    return {person for person, value in named if person and value in values}
