"""Handle a mail that is read after its answer: both end up on one ticket, in any order.

A thread is known by what its mails name, as every mail program builds it: whoever comes late takes the place that was
kept for it. What in the right order would have been a doubt is one now, too.
"""

from collections.abc import Iterable, Sequence

from comms.models import Direction, Draft, Medium, Message
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from tickets.matching.by_mail.mail_matching import is_about_something_else
from tickets.matching.by_mail.private_mail import may_join
from tickets.matching.evidence import Evidence, Hint, Match, suggest_ticket
from tickets.merging.current_ticket import current_ticket
from tickets.merging.merge import merge
from tickets.models import Entry, Ticket

# So many mails that answer one are looked at, and so many of its sender's newest for one that refers to it.
_MOST = 20
_NEWEST = 50


def early_answers(messages: Iterable[Message]) -> dict[str, list[Entry]]:
    """Return entries of answers to these mails that were read before them, by answered mail, oldest first."""
    named = {each.message_id for each in messages if each.medium == Medium.EMAIL and each.message_id}
    if not named:
        return {}
    answers = Message.objects.filter(in_reply_to__in=named, direction=Direction.IN).exclude(message_id__in=named)
    by_message_id: dict[str, list[Entry]] = {}
    for entry in _entries_of(answers.order_by("pk").values_list("pk", flat=True)[: _MOST * len(named)]):
        by_message_id.setdefault(_entry_message(entry).in_reply_to, []).append(entry)
    return by_message_id


def match_by_answer(message: Message, answers: Sequence[Entry]) -> Match:
    """Return the ticket of this mail's answer, if the mail's own references are on none.

    `answers`: its early ones; without any, those of the same sender that refer back to it.
    """
    for entry in answers or _referring_entries(message):
        ticket = current_ticket(entry.ticket)
        if not may_join(ticket, message):
            continue
        if _is_correspondent(_entry_message(entry), message) and not is_about_something_else(
            _entry_message(entry), message
        ):
            return Match(Evidence.ANSWERED, ticket, {"message": entry.message_id})
    return Match()


def rejoin_thread(message: Message, ticket: Ticket, answers: Sequence[Entry]) -> bool:
    """Merge the tickets of a mail and its early answers: the younger into the older.

    One that somebody has done something with stays, and suggests it. Returns whether any ticket was merged.
    """
    merged = False
    for entry in answers:
        current = current_ticket(ticket)
        there = current_ticket(entry.ticket)
        if current.sole_reader_id != there.sole_reader_id:
            continue
        if current.pk == there.pk or is_about_something_else(_entry_message(entry), message):
            continue
        belongs = _is_correspondent(_entry_message(entry), message)
        if belongs and _merge_untouched(*sorted((current, there), key=lambda each: each.pk)):
            merged = True
        elif entry.ticket_id == there.pk:
            _suggest_merge(entry, current, Hint.READ_EARLIER if belongs else Hint.UNSIGNED_ID)
    return merged


def _merge_untouched(older: Ticket, younger: Ticket) -> bool:
    """Merge one of two tickets into the other if no member has worked on it."""
    for source, target in ((younger, older), (older, younger)):
        if is_untouched(source):
            try:
                merge(source, target, by=None, confirmed=True)
            except Refused:
                continue
            return True
    return False


def is_untouched(ticket: Ticket) -> bool:
    """True if all entries of a ticket are incoming and none of its events has a member as actor."""
    acted = Event.objects.filter(subject_kind=Ticket._meta.label_lower, subject_id=ticket.pk, actor_id__isnull=False)
    came_in = {"kind": Entry.Kind.MESSAGE, "message__direction": Direction.IN, "message__author": None}
    return not (
        acted.exists()
        or Entry.objects.of(ticket).exclude(**came_in).exists()
        or Draft.objects.filter(about=f"ticket {ticket.pk}").exists()
    )


def _suggest_merge(entry: Entry, ticket: Ticket, why: Hint) -> None:
    if "possible" not in entry.evidence:
        entry.evidence |= suggest_ticket(ticket, why).evidence
        entry.save(update_fields=["evidence"])


def _entry_message(entry: Entry) -> Message:
    """Return the message of an entry that is known to have one."""
    assert entry.message is not None
    return entry.message


def _is_correspondent(answer: Message, message: Message) -> bool:
    """True if the answer's sender wrote or received the mail; from others its Message-ID proves nothing."""
    if answer.person_id and answer.person_id == message.person_id:
        return True
    named = {address for key in ("from", "to", "cc") for _name, address in message.participants.get(key, ())}
    return answer.address.lower() in {each.lower() for each in (message.address, *named)}


def _referring_entries(message: Message) -> list[Entry]:
    """Return entries of mails of the same sender that reference this one, and whose direct parent is missing."""
    if message.medium != Medium.EMAIL or not message.message_id:
        return []
    theirs = Message.objects.filter(address=message.address, direction=Direction.IN).exclude(pk=message.pk)
    newest = theirs.order_by("-at").values_list("pk", "references")[:_NEWEST]
    return _entries_of([pk for pk, references in newest if message.message_id in references.split()])


def _entries_of(messages: Iterable[int]) -> list[Entry]:
    ids = list(messages)
    entries = ()
    if ids:
        entries = Entry.objects.filter(message__in=ids).select_related("message", "ticket")
    return sorted(entries, key=lambda entry: entry.message_id or 0)
