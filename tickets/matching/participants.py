"""Participants of a ticket: authors of its messages and their recipients in copy."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import QuerySet

from comms.channels.directory import without_tag
from comms.inbound.mailboxes import own_addresses
from comms.mail import threads
from comms.models import Medium, Message
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import Member
from tickets.models import Participant, Ticket
from tickets.models.participant import Role

# Roles that a colleague has given; the others are what is assumed.
TOLD = (Role.SPOUSE, Role.ADJUSTER, Role.PARTNER, Role.TENANT)
# Of a mail to hundreds these many are kept.
_MOST = 30


def takes_part(ticket: Ticket, message: Message) -> bool:
    """True if the author of a message is a participant of a ticket in any role."""
    return _is_requester(ticket, message) or _as_written(ticket, message).exists()


def is_confirmed(ticket: Ticket, message: Message) -> bool:
    """True if the sender of a message is a confirmed participant of a ticket."""
    return _is_requester(ticket, message) or _as_written(ticket, message).filter(confirmed_at__isnull=False).exists()


def _is_requester(ticket: Ticket, message: Message) -> bool:
    return message.person_id is not None and ticket.person_id == message.person_id


def _as_written(ticket: Ticket, message: Message) -> QuerySet[Participant]:
    return Participant.objects.filter(ticket=ticket, address=_normalize_address(message.address))


def take_part(ticket: Ticket, message: Message, *, is_new: bool) -> None:
    """Add the author and the To and Cc addresses of a message as participants. Idempotent.

    Who began the ticket is its requester. Who was not on it before is unconfirmed, and so is whom only they name.
    """
    take_part_all([(ticket, message, is_new)])


def take_part_all(said: Sequence[tuple[Ticket, Message, bool]]) -> None:
    """`take_part` for independent messages, each with its ticket and whether that is new."""
    before = _roles_before({_normalize_address(message.address) for _ticket, message, is_new in said if is_new})
    rows = [row for ticket, message, is_new in said for row in _build_participants(ticket, message, is_new, before)]
    Participant.objects.bulk_create([each for each in rows if each.address], ignore_conflicts=True)


def _build_participants(ticket: Ticket, message: Message, is_new: bool, before: Mapping[str, str]) -> list[Participant]:
    now = clock.now()
    wrote = _normalize_address(message.address)
    vouches = is_new or is_confirmed(ticket, message)
    was = None
    if is_new:
        was = before.get(wrote)
    rows = [
        Participant(
            ticket=ticket,
            person_id=message.person_id,
            address=wrote,
            name=message.address_name,
            role=was or (Role.CUSTOMER if is_new or _is_requester(ticket, message) else Role.OTHER),
            is_requester=is_new,
            confirmed_at=now if vouches else None,
        )
    ]
    if message.medium == Medium.EMAIL:
        rows += _named_participants(ticket, message, wrote, vouches)
    return rows


def _roles_before(addresses: Collection[str]) -> dict[str, str]:
    """Return the last roles set by members for addresses: a partner stays one."""
    if not addresses:
        return {}
    before = Participant.objects.filter(address__in=addresses, role__in=TOLD, confirmed_at__isnull=False)
    return dict(before.order_by("pk").values_list("address", "role"))


def _named_participants(ticket: Ticket, message: Message, wrote: str, vouches: bool) -> list[Participant]:
    """Return the other recipients of a mail: members, known people and plain addresses."""
    ours = own_addresses()
    everybody = [pair for key in ("from", "to", "cc") for pair in message.participants.get(key, ())]
    named = {_normalize_address(address): name for name, address in everybody if not _is_ours(address, ours)}
    named.pop(wrote, None)
    named = dict(list(named.items())[:_MOST])
    if named:
        colleagues = _colleague_addresses(named)
    else:
        colleagues = set()
    people = {}
    if named:
        people = _people_by_address(named)
    now = clock.now()
    return [
        Participant(
            ticket=ticket,
            person_id=people.get(address),
            address=address,
            name=name[:200],
            role=Role.COLLEAGUE if address in colleagues else Role.OTHER,
            confirmed_at=now if address in colleagues or (vouches and address in people) else None,
        )
        for address, name in named.items()
    ]


def _is_ours(address: str, ours: frozenset[str]) -> bool:
    return (
        _normalize_address(address) in ours
        or without_tag(address) in ours
        or threads.replied_message(address) is not None
    )


def _colleague_addresses(addresses: Iterable[str]) -> set[str]:
    emails = Member.objects.filter(active=True, user__email__in=list(addresses)).values_list("user__email", flat=True)
    return {_normalize_address(email) for email in emails}


def _people_by_address(addresses: Iterable[str]) -> dict[str, int]:
    """Return the person of each address that belongs to one person only (docs/rules.md#k19)."""
    by_address: dict[str, set[int]] = {}
    for value, person in ContactPoint.objects.reached_at(*addresses).values_list("value", "person_id"):
        by_address.setdefault(value, set()).add(person)
    return {value: people.pop() for value, people in by_address.items() if len(people) == 1}


def _normalize_address(address: str) -> str:
    return address.strip().lower()[:254]
