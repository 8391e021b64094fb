"""Add a message to its ticket, once: match or create the ticket, store the evidence, update the ticket.

Called by the subscribers (tickets/matching/subscribers.py) and, so that it can say where a mail went, by
`receive_email`; whoever comes second finds the entry.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from comms.appointments.replies import confirmed_by
from comms.models import Direction, Medium, Message
from comms.models.message import SPAM
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.people.lookup import lock_contact_values
from crm.people.models import Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address
from tickets.matching.by_mail.mail_matching import match_mail
from tickets.matching.evidence import Evidence, Match
from tickets.matching.late_ancestor import early_answers, match_by_answer, rejoin_thread
from tickets.matching.leads import lead_of
from tickets.matching.participants import take_part_all
from tickets.matching.properties import named_property
from tickets.matching.subject_of import subject_of
from tickets.matching.text_back import text_back
from tickets.matching.texts import match_text
from tickets.merging.current_ticket import find_ticket_of, lock_current_ticket
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.ending import is_past_reopening

# A person's properties that a message may name.
_MOST_PROPERTIES = 20


def find_match(message: Message, answers: Message | None, by: str, early: Sequence[Entry] = ()) -> Match:
    """Return the ticket of a message and the evidence. Changes nothing. `early`: answers read before it."""
    if message.medium != Medium.EMAIL:
        return match_text(message, answers, by)
    match = match_mail(message, answers, by)
    if match.ticket:
        return match
    return _better_match(match_by_answer(message, early), match)


def _better_match(surer: Match, other: Match) -> Match:
    if surer.ticket:
        return surer
    return other


def lock_senders(messages: Iterable[Message]) -> None:
    """Take advisory locks for these senders, so that two transactions can't create two tickets for one sender.

    So do those who place what these mails answer, and what answers them.
    """
    messages = list(messages)
    named = {name for each in messages for name in (each.message_id, each.in_reply_to) if name}
    senders = {f"ticket:{each.person_id or each.address}" for each in messages}
    lock_contact_values(senders | {f"thread:{name}" for name in named})


@dataclass
class Placing:
    """A message to be added to a ticket, and intermediate results.

    `answers`, `by`: the message it answers, and what says so; `told`: the data of its event; `may_be_copy`: another
    message may have its Message-ID.
    """

    message: Message
    answers: Message | None = None
    by: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    may_be_copy: bool = True
    # The appointment that it confirms, and says nothing besides.
    confirms: Appointment | None = None
    # What answers it, and was read before it.
    early: Sequence[Entry] = ()
    # Where it is, or is put; none for what nobody wrote and that answers nothing.
    entry: Entry | None = None
    # On a ticket that it begins itself.
    is_new: bool = False

    @property
    def asks_nothing(self) -> bool:
        """True if no reply is expected: the message is automatic, or only confirms an appointment."""
        return bool(self.message.automatic or self.confirms)

    @property
    def answers_invitation(self) -> bool:
        """True if a calendar answers an invitation of ours: the appointment and its lead have it."""
        is_ours = self.answers is not None and self.answers.direction == Direction.OUT
        return self.by == Evidence.CALENDAR_UID and is_ours

    @property
    def begins_none(self) -> bool:
        """True if it creates no ticket and reopens none."""
        return self.asks_nothing or self.answers_invitation


@transaction.atomic
def place_messages(
    message: Message, answers: Message | None = None, by: str = "", told: dict[str, Any] | None = None
) -> Entry | None:
    """Add a received message to its ticket. Return its entry, or that of its copy in another mailbox.

    None for one that nobody wrote and that answers nothing. Again: nothing.
    """
    lock_senders([message])
    if entry := Entry.objects.filter(message=message).select_related("ticket").first():
        return entry
    placing = Placing(message, answers, by, told or {})
    place_together([placing])
    rejoin_all([placing])
    return placing.entry


def place_all(waiting: Sequence[Placing]) -> None:
    """Add messages without a ticket to tickets; their senders must be locked by this transaction.

    What rests on another of them comes after it: of one sender, and of one that is answered.
    """
    for together in split_rounds(waiting):
        place_together(together)


def split_rounds(waiting: Sequence[Placing]) -> list[list[Placing]]:
    """Split messages into rounds without dependencies within a round, in order."""
    rounds: list[list[Placing]] = []
    last: dict[tuple[str, object], int] = {}
    for each in waiting:
        message = each.message
        keys = [("message", message.pk), ("id", message.message_id), ("sender", message.person_id or message.address)]
        if message.in_reply_to:
            keys.append(("id", message.in_reply_to))
        if each.answers:
            keys.append(("message", each.answers.pk))
        at = max(last.get(key, -1) for key in keys) + 1
        last.update(dict.fromkeys(keys, at))
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(each)
    return rounds


def place_together(these: Sequence[Placing]) -> None:
    """Add independent messages to their tickets, with one statement per table."""
    tickets: dict[int, Ticket] = {}
    early = early_answers(each.message for each in these)
    for each in these:
        each.early = early.get(each.message.message_id, ())
        each.confirms = confirmed_by(each.message, each.answers.pk if each.answers else None)
    placed = [(each, entry) for each in these if (entry := _entry_of(each, tickets))]
    Ticket.begin_all([entry.ticket for each, entry in placed if each.is_new], by=None)
    Entry.objects.bulk_create([entry for _each, entry in placed])
    for each, entry in placed:
        if each.is_new or entry.matched_by == Evidence.ANSWERED:
            _adopt_answered(each.answers, entry.ticket)
        note_covers(each.message, entry.ticket)
    theirs = [(entry.ticket, each.message, each.is_new) for each, entry in placed if each.message.author_id is None]
    take_part_all(theirs)
    _apply_messages([(entry.ticket, each) for each, entry in placed])


def rejoin_all(placed: Sequence[Placing]) -> None:
    """Merge early answers of these messages with their tickets; last, because it locks other tickets."""
    merged = False
    for each in placed:
        if each.early and each.entry:
            merged |= rejoin_thread(each.message, each.entry.ticket, each.early)
    if merged:
        for entry in filter(None, (each.entry for each in placed)):
            entry.refresh_from_db(fields=["ticket", "evidence"])


def _entry_of(each: Placing, tickets: dict[int, Ticket]) -> Entry | None:
    """Match or create the ticket, and build the unsaved entry; None for a copy, or if no ticket is created.

    `tickets`: those that are locked.
    """
    message = each.message
    if each.may_be_copy and (copied := _find_copy(message)):
        _came_to(copied, message)
        each.entry = copied
        return None
    if message.automatic == SPAM:
        return None
    match = find_match(message, each.answers, each.by, each.early)
    if match.ticket and message.sole_reader_id and match.ticket.sole_reader_id is None:
        # Its owner has shared the conversation, and with it what comes later.
        message.sole_reader = None
        message.save(update_fields=["sole_reader"])
    if each.begins_none and match.ticket is None:
        return None
    ticket = None
    if match.ticket:
        ticket = _lock_current(match.ticket, tickets)
    if ticket and not each.begins_none and is_past_reopening(ticket, message.at):
        ticket.close(by=None, cause="auto")
    before = ticket
    if ticket is None or (_has_ended(ticket, message) and not each.begins_none):
        ticket = _build_ticket(message, continues=before)
        each.is_new = True
    evidence = match.evidence | _entry_evidence(each, ticket, before if each.is_new else None)
    each.entry = Entry.of_message(ticket, message, matched_by=match.code, evidence=evidence)
    return each.entry


def _lock_current(ticket: Ticket, tickets: dict[int, Ticket]) -> Ticket:
    """Lock the current ticket of this one, once."""
    locked = tickets.get(ticket.pk)
    if locked is None:
        locked = lock_current_ticket(ticket)
        locked = tickets.setdefault(locked.pk, locked)
    return locked


def repeated_ids(messages: Iterable[Message]) -> set[str]:
    """Return which of their Message-IDs also occur on another message."""
    named = [message.message_id for message in messages if message.medium == Medium.EMAIL and message.message_id]
    message_ids = Message.objects.filter(message_id__in=named).order_by().values_list("message_id", flat=True)
    return {name for name, count in Counter(message_ids).items() if count > 1}


def _has_ended(ticket: Ticket, message: Message) -> bool:
    """True if a message goes on another ticket: this one is closed, or was solved too long ago (docs/rules.md#k5)."""
    return ticket.status == Status.CLOSED or is_past_reopening(ticket, message.at)


def _find_copy(message: Message) -> Entry | None:
    """Return the entry of the same mail in another mailbox; the text must be equal, an ID is no proof."""
    if message.medium != Medium.EMAIL or not message.message_id:
        return None
    same = Message.objects.filter(message_id=message.message_id, direction=message.direction, address=message.address)
    # A copy that one member alone may read stands for no other.
    same = same.filter(Q(sole_reader__isnull=True) | Q(sole_reader=message.sole_reader_id))
    copies = [each.pk for each in same.exclude(pk=message.pk)[:5] if each.text == message.text]
    entry_of_copy: Entry | None = (
        Entry.objects.filter(message__in=copies).select_related("ticket").order_by("pk").first()
    )
    return entry_of_copy


def _came_to(entry: Entry, message: Message) -> None:
    also = entry.evidence.get("also_to", [])
    address = ""
    if message.channel:
        address = message.channel.address
    if address and address not in also:
        entry.evidence["also_to"] = [*also, address][:10]
        entry.save(update_fields=["evidence"])


def _build_ticket(message: Message, continues: Ticket | None) -> Ticket:
    """Return a new ticket for a message; after a closed one it continues that, for the same person."""
    person = message.person or (continues.person if continues and not message.author_id else None)
    job = None
    if message.sole_reader_id is None:
        job = message.job or (continues.job if continues else None) or lead_of(message)
    return Ticket.build(
        brand=directory().brands[message.brand_id],
        subject=subject_of(message),
        person=person,
        customer_name=message.address_name or readable_address(message.address),
        job=job,
        medium=message.medium,
        at=message.at,
        continues=continues,
        sole_reader=message.sole_reader,
        member=message.sole_reader,
    )


def _adopt_answered(answers: Message | None, ticket: Ticket) -> None:
    """Add the answered outgoing message to the ticket its answer created, if it is on none."""
    is_alike = answers is not None and answers.sole_reader_id == ticket.sole_reader_id
    if answers and is_alike and answers.direction == Direction.OUT and find_ticket_of(answers) is None:
        Entry.objects.add_message(ticket, answers, matched_by=Evidence.WRITTEN)


def _entry_evidence(each: Placing, ticket: Ticket, closed: Ticket | None) -> dict[str, Any]:
    """Return further evidence for the entry: sender's absence, confirmation, continued ticket, split suggestion."""
    circumstances: dict[str, Any] = {}
    if each.told.get("returns_on"):
        circumstances["returns_on"] = each.told["returns_on"]
    if each.confirms:
        circumstances["confirms"] = each.confirms.pk
    elif each.answers_invitation:
        circumstances["confirms" if each.asks_nothing else "asks_time"] = True
    if closed:
        circumstances["continues"] = closed.number
    other = _other_property(each.message, ticket)
    if other:
        circumstances["split"] = {"property": other.pk, "street": other.street}
    return circumstances


def _other_property(message: Message, ticket: Ticket) -> Property | None:
    """Return the person's property a message names, if the ticket is about another one."""
    site = None
    if ticket.job:
        site = ticket.job.site_id
    if site is None or message.person_id is None or message.direction != Direction.IN:
        return None
    text = f"{message.subject} {message.text[:5000]}"
    if not any(map(str.isdigit, text)):
        return None
    jobs = Job.objects.filter(person_id=message.person_id, site__isnull=False)
    sites = list(Property.objects.filter(pk__in=jobs.values("site")).order_by("pk")[:_MOST_PROPERTIES])
    if len(sites) > 1:
        return named_property(text, sites, besides=site)
    return None


def _apply_messages(said: Sequence[tuple[Ticket, Placing]]) -> None:
    """Apply the messages to their tickets: incoming ones, answers of members, and outcomes of calls."""
    theirs = [
        (ticket, each)
        for ticket, each in said
        if not _is_answer(each.message) and not (each.begins_none and ticket.status == Status.CLOSED)
    ]
    confirming = {each.message.pk for _ticket, each in theirs if each.confirms}
    Ticket.receive_all([(ticket, each.message) for ticket, each in theirs], confirming=confirming)
    for ticket, message in ((ticket, each.message) for ticket, each in said):
        if message.author_id:
            _heard_of_colleague(ticket, message)
        elif _is_answer(message):
            ticket.reply(message, by=ticket.member if message.duration else None)
        elif message.medium == Medium.CALL:
            text_back(message, ticket)


def _is_answer(message: Message) -> bool:
    """True if a member wrote it, or spoke with the customer."""
    spoken = message.medium == Medium.CALL and (message.direction == Direction.OUT or message.duration)
    return bool(message.author_id or spoken)


def _heard_of_colleague(ticket: Ticket, message: Message) -> None:
    """Record a colleague's mail with us in copy: an answer if it went to the customer, else a mere message."""
    named = {address.lower() for key in ("to", "cc") for _name, address in message.participants.get(key, ())}
    theirs = ticket.participants.filter(is_requester=True).values_list("address", flat=True)
    if ticket.status != Status.CLOSED:
        ticket.reply(message, by=message.author if named & set(theirs) else None)


def note_covers(message: Message, ticket: Ticket) -> None:
    """Write a note for each member who forwarded a mail with a comment."""
    if not message.cover_notes:
        return
    members = Member.objects.in_bulk([member_id for member_id, _words in message.cover_notes])
    for member_id, words in message.cover_notes:
        if member_id in members:
            Entry.write(ticket, words, by=members[member_id])
