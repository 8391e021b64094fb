"""What participants may see of a ticket: one rule, for copies of answers and for display."""

from django.utils.translation import gettext as _

from comms.message_sharing import sharing_of
from comms.models import Channel, Direction, Medium, Message
from crm.people.models import Person
from tickets.models import Entry, Participant, Ticket
from tickets.models.participant import Role

# Those whose matter it is: they see all that was written to and fro. All others see what they are on.
HOUSEHOLD = frozenset({Role.CUSTOMER, Role.SPOUSE})


def may_see(participant: Participant, entry: Entry) -> bool:
    """True if a participant may see an item of their ticket.

    Never what is ours: a note, what was written about a call, what has not left, or came to a mailbox that is a
    colleague's own. Of messages the household sees all; a partner, an adjuster, a colleague, or who is not confirmed,
    those they are on.
    """
    message = entry.message
    if message is None or message.medium == Medium.CALL or entry.ticket_id != participant.ticket_id:
        return False
    if message.direction == Direction.OUT and message.state != Message.State.SENT:
        return False
    if participant.address in addresses_on(message):
        return True
    return _is_shared(message) and participant.is_confirmed and sees_all(participant)


def _is_shared(message: Message) -> bool:
    """True if all members may see a message: not from a private mailbox, unless shared."""
    return message.sole_reader_id is None and sharing_of(message) == Channel.Sharing.FULL


def sees_all(participant: Participant) -> bool:
    """True if they are the requester, or of the same household."""
    return participant.role in HOUSEHOLD


def addresses_on(message: Message) -> set[str]:
    """Return the addresses of a message: sender, recipients and copies."""
    named = {}
    if isinstance(message.participants, dict):
        named = message.participants
    others = [address for key in ("from", "to", "cc") for _name, address in named.get(key, ())]
    return {address.strip().lower() for address in [message.address, *others] if address}


def may_be_answered(participant: Participant) -> bool:
    """True if a copy of an answer may go to them: only if confirmed."""
    return participant.is_confirmed


def sees(participant: Participant) -> str:
    """Return what they may see, in words."""
    if not participant.is_confirmed:
        return _("Sees only what they wrote or were sent. Replies don’t go there.")
    if sees_all(participant):
        return _("May see all messages; never notes.")
    return _("May see only messages they are on; never notes.")


MOST_COPIES = 20


def copies(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Return other mail addresses for Cc, as name and address; none is preselected."""
    others = Participant.objects.filter(ticket=ticket, is_requester=False).order_by("pk")
    mails = [one for one in others if "@" in one.address and may_be_answered(one)]
    return tuple((one.name, one.address) for one in mails[:MOST_COPIES])


def household(ticket: Ticket) -> tuple[Person, ...]:
    """Return other confirmed requesters: of a merged conversation, or the spouse."""
    others = Participant.objects.filter(ticket=ticket, person__isnull=False, role__in=HOUSEHOLD)
    others = others.exclude(person_id=ticket.person_id).select_related("person").order_by("pk")
    people = {one.person_id: one.person for one in others[:MOST_COPIES] if may_be_answered(one)}
    return tuple(people.values())
