"""RecipientChoice: the addresses a message may go to, and the one it goes to."""

from functools import cached_property

from comms.composer.contact_ways import ContactWay
from comms.composer.matter import Matter
from comms.composer.recipients import everybody_else
from comms.composer.written_message import WrittenMessage
from comms.inbound.mailboxes import own_addresses
from comms.mail import threads
from comms.models import Medium
from crm.kernel.normalization import normalize_email
from crm.people.models import ContactPoint, Person


class RecipientChoice:
    """The recipient of a composer's message, on one medium."""

    def __init__(self, matter: Matter, way: ContactWay, written: WrittenMessage) -> None:
        self.matter = matter
        self.way = way
        self.written = written

    @cached_property
    def point(self) -> ContactPoint:
        """The address or number it is sent to. One typed by hand has no primary key."""
        address = normalize_email(self.written.to) or self.written.to
        stored = next((point for point in self.addresses if point.value == address), None)
        if stored is None and address and self.way.medium == Medium.EMAIL:
            return ContactPoint(kind=ContactPoint.PointKind.EMAIL, value=address)
        return stored or next(iter(self.way.points), ContactPoint(kind=ContactPoint.PointKind.EMAIL, value=""))

    @property
    def is_elsewhere(self) -> bool:
        """True if it is sent to an address that is not on their record."""
        return self.point.pk is None and self.matter.forwards is None

    @property
    def person(self) -> Person | None:
        """The owner of the address or number: the matter's person, or one of their household."""
        people = {person.pk: person for person in self.matter.people}
        return people.get(self.point.person_id, self.matter.person)

    @cached_property
    def addresses(self) -> tuple[ContactPoint, ...]:
        """The addresses or numbers to choose from: on record, and the Reply-To of their email."""
        if not self.offered:
            return self.way.points
        return (*self.way.points, ContactPoint(kind=ContactPoint.PointKind.EMAIL, value=self.offered))

    @cached_property
    def offered(self) -> str:
        """The Reply-To address of their email that is not on record; blank for none."""
        if self.way.medium != Medium.EMAIL:
            return ""
        return _reply_to_address(self.matter)

    @property
    def everybody_else(self) -> list[str]:
        """The addresses that "Reply to all" adds."""
        if self.way.medium != Medium.EMAIL:
            return []
        copied = {*self.written.cc, *self.written.bcc}
        return [address for address in everybody_else(self.matter, self.point.value) if address not in copied]

    def reply_to_all(self) -> None:
        """Copy everybody on the email that is answered."""
        self.written.cc = [*self.written.cc, *self.everybody_else]


def _reply_to_address(matter: Matter) -> str:
    """Return the Reply-To of the customer's last email if it is not on their record; empty for none.

    Anybody can write a Reply-To, and an answer quotes what the customer wrote: it is offered, never chosen by itself.
    The Reply-To of a mail that a form or a group sent is the author's, which is on their record already.
    """
    mail = None
    if matter.person:
        mail = matter.last_received(Medium.EMAIL)
    if mail is None or mail.sender_check.sent_by:
        return ""
    known_addresses = set(ContactPoint.objects.filter(person__in=matter.people).values_list("value", flat=True))
    known_addresses |= own_addresses() | {mail.address.lower()}
    reply_to = (normalize_email(address) for _name, address in mail.participants.get("reply_to", ()))
    return next(
        (one for one in reply_to if one and one not in known_addresses and not threads.is_reply_address(one)), ""
    )
