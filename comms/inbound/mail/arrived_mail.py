"""ArrivedMail: a mail that was parsed and classified but isn't stored yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from comms.appointments.calendar_answers import CALENDAR_UID
from comms.inbound.email_threading import AnsweredMessage, find_answered, messages_named, with_brackets
from comms.inbound.mailboxes import member_at, own_addresses
from comms.inbound.program_mail.calendar_mail import CalendarMail, read_calendar_mail
from comms.inbound.program_mail.marking_mail import MarkingMail, read_marking_mail
from comms.inbound.screening.copies import is_returned
from comms.mail import threads
from comms.models import Direction, Inbound, Message
from comms.stored_words import translate_sentence
from crm.people.models import ContactPoint
from crm.platform.models import Member
from libs.inbound_mail import (
    Author,
    Forwarded,
    Mail,
    MailAddress,
    MailProblem,
    MailVerdict,
    OwnAddresses,
    classify,
    find_author,
    inner_forward,
    is_ours,
    read_mail,
    split_reply,
)

# So often a mail is passed on among us before it reaches our mailbox, and so much is kept of what is written above it.
MOST_LAYERS = 6
LONGEST_NOTE = 9_000


@dataclass(frozen=True)
class ArrivedMail:
    """A parsed and classified mail, with the messages of ours it refers to."""

    mail: Mail
    verdict: MailVerdict
    inbound: Inbound
    known: dict[str, Message]
    answered: AnsweredMessage
    # Who wrote it: another than its sender where a form or group sent it.
    author: Author
    # A colleague who wrote it, or passed it on.
    member: Member | None
    # Of the envelope.
    recipients: Sequence[str] = ()
    # Whether the provider that brought it calls it spam.
    is_spam_by_provider: bool = False
    # An invitation, or an answer to one of ours, that it brings.
    calendar: CalendarMail | None = None
    # A reaction to a message, or that one is called back: it says nothing besides.
    marking: MarkingMail | None = None
    # The customer's mail that a colleague passed on, and what we wrote above it: member and words, the outermost first.
    passed_on: Forwarded | None = None
    cover_notes: tuple[tuple[int, str], ...] = ()

    @property
    def is_known(self) -> bool:
        """True if a message with its Message-ID is stored; IDs are compared as stored, cut if very long."""
        return with_brackets(self.mail.message_id) in map(with_brackets, self.known)

    @property
    def sender(self) -> MailAddress | None:
        """The address to answer: the author's, or the sender's of a forwarded mail."""
        if self.passed_on:
            return self.passed_on.sender
        return self.author.address

    @property
    def origin(self) -> MailAddress | None:
        """The address that sent it, or the forwarded mail."""
        if self.passed_on:
            return self.passed_on.sender
        return self.mail.sender


def read_arrived(raw: bytes, inbound: Inbound) -> Mail:
    """Parse a mail; if it was cut off, that is the first of its problems.

    One without Message-ID is given one made of its bytes, by which a second copy is known.
    """
    mail = read_mail(raw, received_at=_arrival_of(inbound))
    if not mail.message_id:
        mail = replace(mail, message_id=f"{hashlib.sha256(raw).hexdigest()[:32]}@without-id")
    # What brought it took no more, and noted the size (imap.py, files.py).
    if inbound.envelope.get("size", 0) > settings.INBOUND_MOST_BYTES:
        mail = replace(mail, problems=(MailProblem("mail_too_large"), *mail.problems))
    if mail.is_dated_behind:
        mail = replace(mail, problems=(*mail.problems, MailProblem("date_behind")))
    return mail


def _arrival_of(inbound: Inbound) -> datetime:
    """Return when a mail arrived in its mailbox according to the IMAP server, else when it was stored."""
    noted = inbound.envelope.get("internal_date")
    if noted:
        return min(datetime.fromisoformat(noted), inbound.received_at)
    return inbound.received_at


def judge_mail(mail: Mail, inbound: Inbound, recipients: Sequence[str]) -> ArrivedMail:
    """Classify a mail: its kind, author, the message it answers, and its calendar part. Stores nothing."""
    messages_by_id = messages_named(mail)
    ours = {name for name, message in messages_by_id.items() if message.direction == Direction.OUT}
    sender = ""
    if mail.sender:
        sender = mail.sender.address.lower()
    is_in_our_name = sender in own_addresses()
    if mail.message_id in ours and not is_in_our_name and not is_returned(mail, messages_by_id[mail.message_id]):
        ours.discard(mail.message_id)
    own = OwnAddresses(own_addresses(), ours.__contains__, threads.is_reply_address)
    verdict = classify(mail, own=own)
    verdict = replace(verdict, reason=translate_sentence(verdict.reason))
    answers = find_answered(mail, messages_by_id, recipients)
    author, member = _find_writers(mail, verdict, own)
    passed_on, cover_notes = _unwrap_forward(mail, verdict.forwarded, member, own)
    arrived = ArrivedMail(
        mail,
        verdict,
        inbound,
        messages_by_id,
        answers,
        author,
        member,
        recipients,
        passed_on=passed_on,
        cover_notes=cover_notes,
    )
    calendar = read_calendar_mail(mail, origin=arrived.origin, sender=arrived.sender)
    about = None
    if calendar:
        about = calendar.answers
    if about:
        answers = AnsweredMessage(about, CALENDAR_UID)
    marking = None
    if not member and not calendar:
        marking = read_marking_mail(mail, answers)
    return replace(arrived, calendar=calendar, marking=marking, answered=answers)


def _find_writers(mail: Mail, verdict: MailVerdict, own: OwnAddresses) -> tuple[Author, Member | None]:
    """Return the author of a mail, and the member if the author is one.

    Whoever a form names is no colleague, though they give a colleague's address; a group of ours knows its members.
    """
    member = member_at(mail.sender)
    is_persons = bool(member) or _is_customers(mail.sender, own)
    if verdict.kind == "person":
        author = find_author(mail, own, is_persons=is_persons)
    else:
        author = Author(mail.sender)
    if author.sent_by is None:
        return author, member
    return author, member_at(author.address) if author.sent_by.address.lower() in own.addresses else None


def _is_customers(sender: MailAddress | None, own: OwnAddresses) -> bool:
    """True for a confirmed customer's address at a domain of ours that is no mailbox of ours."""
    if sender is None or sender.address.lower() in own.addresses or not is_ours(sender.address, own):
        return False
    points = ContactPoint.objects.filter(kind="email", value=sender.address.lower())
    return points.filter(person__unconfirmed_since=None).exists()


def _unwrap_forward(
    mail: Mail, forwarded: Forwarded | None, member: Member | None, own: OwnAddresses
) -> tuple[Forwarded | None, tuple[tuple[int, str], ...]]:
    """Return the customer's mail that a member forwarded, and the cover notes above it.

    What colleagues passed on to each other is opened up to the first who is not one of us: a customer's own forward is
    theirs. Where there is none it is a colleague's mail.
    """
    notes: list[tuple[int, str]] = []
    writer = member
    for _layer in range(MOST_LAYERS):
        if member is None or forwarded is None or forwarded.sender is None:
            break
        if words := split_reply(forwarded.words).visible.strip():
            notes.append((writer.pk if writer else member.pk, words[:LONGEST_NOTE]))
        writer = member_at(forwarded.sender)
        if writer is None and not is_ours(forwarded.sender.address, own):
            return forwarded, tuple(notes)
        forwarded = inner_forward(forwarded, mail)
    return None, ()
