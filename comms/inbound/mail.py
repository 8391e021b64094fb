"""Make of a raw mail what it is: a message of its customer, our own, a bounce, a complaint, a loop or a duplicate."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from comms.gate.consent import opt_outs, suppressions
from comms.inbound import jobs
from comms.inbound.arrived_mail import Arrived, judge_mail, read_arrived
from comms.inbound.attachments import keep_parts
from comms.inbound.clean import clean, clean_all
from comms.inbound.mailboxes import boxes_of, member_at, own_addresses
from comms.inbound.outcome import Read, Waits, notice_asked
from comms.inbound.screening.copies import is_same_mail
from comms.inbound.screening.spam import is_expected, is_suspect
from comms.inbound.thread import Answered, bracketed, unread_ancestor
from comms.inbound.undeliverable import record_bounce, record_complaint
from comms.models import Channel, Direction, Inbound, Medium, Message
from comms.models.message import SPAM
from comms.stored_words import join_sentences
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.kernel.normalization import normalize_email
from crm.people.senders import Sender, find_sender
from crm.platform.events import events
from crm.platform.organization.configuration import directory
from libs.inbound_mail import Address, Mail, authentication_results, split_reply

# Of these a person wrote nothing to us: stored, and nobody waits for an answer.
AUTOMATIC = {"auto_reply": "auto_reply", "challenge": "challenge", "list": "list"}
# What an app above reads: of a service, not of a person.
NOTICE = "notice"
# How many of those a mail names are kept, of each kind; a mail to ten thousand is no list of ten thousand here.
MOST_NAMED = 200


def receive_mail(
    raw: bytes,
    inbound: Inbound,
    *,
    recipients: Sequence[str] = (),
    is_sent: bool = False,
    may_wait: bool = False,
    is_spam: bool = False,
) -> Read:
    """Read a raw mail and store what it is. `is_sent`: it is among those we sent; `is_spam`: its provider calls it so.

    The same mail again in the same mailbox is a duplicate. With other content, or from another sender, it is a mail of
    its own: some programs use a Message-ID again, and whoever saw one can write it. Raises mail.message.Unreadable;
    Waits, if it may, where what it answers is not read yet and nothing that is read says where it belongs.
    """
    mail = read_arrived(raw, inbound)
    arrived = replace(judge_mail(mail, inbound, recipients), is_spam_by_provider=is_spam)
    if may_wait and not arrived.answered.by and (unread := unread_ancestor(mail, inbound)):
        raise Waits(unread)
    done = _settled(arrived, is_sent=is_sent)
    if done is None:
        boxes = boxes_of(mail, recipients, inbound.channel)
        may_be_copy = arrived.is_known or len(boxes) > 1
        done, *done.others = [_stored(arrived, each, may_be_copy=may_be_copy) for each in boxes]
    done.mail = mail
    return done


def preview_mail(raw: bytes, inbound: Inbound, *, recipients: Sequence[str] = ()) -> Read:
    """Say what would become of a raw mail, and store nothing. Raises mail.message.Unreadable."""
    mail = read_arrived(raw, inbound)
    arrived = judge_mail(mail, inbound, recipients)
    verdict, answers = arrived.verdict, arrived.answered
    visible, message = split_reply(mail.text, mail.html, subject=mail.subject).visible, None
    outcome: str = "sent" if _is_our_copy(arrived) else verdict.kind
    if arrived.marking:
        outcome = arrived.marking.mark.kind
    if outcome == "person" or outcome in AUTOMATIC:
        message, _why = _composed(arrived, boxes_of(mail, recipients, inbound.channel)[0], create=False)
        outcome = _outcome(message, answers)
    return Read(outcome, verdict.reason, message, answers.message, answers.by, arrived.mail, verdict.bounce, visible)


def _settled(arrived: Arrived, *, is_sent: bool) -> Read | None:
    """Settle what is no message of anybody's to us: None for what is."""
    verdict, visible = arrived.verdict, arrived.mail.text
    if is_sent or _is_our_copy(arrived):
        return _our_own(arrived, is_sent=is_sent)
    if arrived.marking:
        return arrived.marking.put()
    if verdict.kind == "bounce" and verdict.bounce:
        about, why = record_bounce(verdict.bounce, arrived.inbound, arrived.known)
        reason = join_sentences(verdict.reason, why)
        if about is None:
            _set_aside(arrived, "report", reason)
        return Read("bounce", reason, answers=about, bounce=verdict.bounce, visible=visible)
    if verdict.kind == "complaint":
        why = record_complaint(verdict.complaint, arrived.inbound, arrived.known)
        reason = join_sentences(verdict.reason, why)
        if why:
            _set_aside(arrived, "report", reason)
        return Read("complaint", reason, visible=visible)
    if verdict.kind == "loop":
        _set_aside(arrived, "loop", verdict.reason)
        return Read("loop", verdict.reason, visible=visible)
    return None


def _set_aside(arrived: Arrived, kind: str, reason: str, box: Channel | None = None) -> None:
    """Keep what is no message of anybody's to us where people find it: a loop, a copy, a report of another mail."""
    if Message.objects.filter(inbound=arrived.inbound).exists():  # it is read again
        return
    box = box or boxes_of(arrived.mail, arrived.recipients, arrived.inbound.channel)[0]
    message = _message(arrived, box, arrived.sender, Sender(None, None, ""), Direction.IN)
    message.automatic = kind
    if kind in ("loop", "duplicate"):
        # Another message has its Message-ID, and is found by it.
        message.references = f"{message.references} {message.message_id}".strip()
        message.message_id = ""
    _save(message, arrived, "message.set_aside", reason)


def _is_our_copy(arrived: Arrived) -> bool:
    """Whether a colleague sent it to somebody else, and us a blind copy for the record.

    So is what another program of ours sent in the name of one of our mailboxes to somebody outside. One whose sender
    was proven wrong on its way is not taken for it.
    """
    is_colleagues = bool(arrived.member) or _is_sent_in_our_name(arrived.mail)
    if not is_colleagues or (arrived.verdict.forwarded and arrived.verdict.forwarded.sender):
        return False
    named = {each.address.lower() for each in (*arrived.mail.to, *arrived.mail.cc)}
    proof = " ".join(arrived.mail.headers.all("Authentication-Results")).lower()
    return bool(named) and named.isdisjoint(own_addresses()) and "dmarc=fail" not in proof and "spf=fail" not in proof


def _is_sent_in_our_name(mail: Mail) -> bool:
    """Whether one of our mailboxes is the sender, nobody else is to be answered, and all whom it names are outside."""
    ours = own_addresses()
    if mail.sender is None or mail.sender.address.lower() not in ours:
        return False
    domains = {address.rpartition("@")[2] for address in ours}
    is_for_others = all(address.address.lower() in ours for address in mail.reply_to)
    return is_for_others and not any(address.domain in domains for address in (*mail.to, *mail.cc))


def _our_own(arrived: Arrived, *, is_sent: bool) -> Read:
    """Store a mail that one of us sent by another program: the customer was answered.

    What stands among the sent mail, is a colleague's, or answers somebody was written by a person. A copy of anything
    else in our name may be of a program that sends invoices: it answers nobody.
    """
    mail, ours = arrived.mail, own_addresses()
    others = [each for each in (*mail.to, *mail.cc) if each.address.lower() not in ours]
    known = arrived.known.get(mail.message_id)
    if known and (known.direction == Direction.OUT or known.author_id):
        return Read("duplicate", _("It is a copy of an email we have."), known)
    if not others:
        reason = _("It was sent to nobody else.")
        _set_aside(arrived, "internal", reason)
        return Read("internal", reason)
    recipient = _answered_of(others, arrived)
    box = arrived.inbound.channel or boxes_of(mail, arrived.recipients, None)[0]
    message = _message(arrived, box, recipient, _found(recipient, create=False), Direction.OUT)
    message.job, why = jobs.job_of(message, *arrived.answered)
    message.state = Message.State.SENT
    message.sent_at = message.at
    message.automatic = AUTOMATIC.get(arrived.verdict.kind, "")
    owner = arrived.inbound.channel.owner if arrived.inbound.channel else None
    member = arrived.member or owner
    if not (is_sent or member or arrived.answered.by):
        message.automatic = NOTICE
    if not message.automatic:
        message.author = member
    _save(message, arrived, "message.sent", why)
    if message.job and message.is_personal and not jobs.wrote_since(message):
        message.job.answer(Medium.EMAIL, by=member, cause=jobs.cause_of(message))
    return Read("sent", why, message)


def _answered_of(others: Sequence[Address], arrived: Arrived) -> Address:
    """Return whom a mail of ours answers: who wrote the mail it answers, else the first who is no colleague."""
    written = arrived.answered.message.address.lower() if arrived.answered.message else ""
    by_address = {each.address.lower(): each for each in others}
    if written in by_address:
        return by_address[written]
    return next((each for each in others if member_at(each) is None), others[0])


def _stored(arrived: Arrived, box: Channel | None, *, may_be_copy: bool) -> Read:
    """Store a mail in one of our mailboxes, once. `may_be_copy`: another message may have its Message-ID."""
    verdict, answers = arrived.verdict, arrived.answered
    before = _in(box, arrived)
    if before:
        already = _("This mailbox has it already.")
        if not before.author_id:
            _set_aside(arrived, "duplicate", already, box)
        return Read("duplicate", already, before, answers.message, answers.by, visible=before.text)
    message, why = _composed(arrived, box, create=True)
    message.repeat = len(_namesakes(box, arrived))
    if message.automatic == SPAM:
        spam = _("It looks like spam, or a colleague marked its sender as spam.")
        _save(message, arrived, "message.set_aside", spam)
        return Read("spam", spam, message, visible=message.text)
    _save(message, arrived, "message.received", why)
    _lift_mark(message, arrived)
    if not message.automatic and not message.author:
        opt_outs.hear(message)
        jobs.hear(message, may_be_copy=may_be_copy)
    outcome = _outcome(message, answers)
    reason = verdict.reason if message.automatic and message.automatic != NOTICE else why
    return Read(outcome, reason, message, answers.message, answers.by, visible=message.text)


def _lift_mark(message: Message, arrived: Arrived) -> None:
    """Write to an address again that was marked as dead, as mail comes from it; not where the sender is in doubt."""
    if message.address and arrived.sender == arrived.mail.sender and not message.is_doubtful:
        suppressions.lift_dead_address(message.address, _("They wrote to us from it"), medium=Medium.EMAIL)


def _outcome(message: Message, answers: Answered) -> str:
    if message.automatic == SPAM:
        return "spam"
    if message.automatic:
        return "auto_reply"
    return "reply" if answers.by else "ticket"


def _composed(arrived: Arrived, box: Channel | None, *, create: bool) -> tuple[Message, str]:
    """Make the message of a mail, unsaved, and say why it is whose. `create`: who is unknown becomes a person."""
    automatic = _automatic(arrived, box)
    address = arrived.origin if automatic == NOTICE else arrived.sender
    is_internal = bool(arrived.member) and arrived.passed_on is None
    is_suspicious = not automatic and not is_internal and _is_suspicious(arrived, address)
    sender = Sender(None, None, _("A colleague wrote it."))
    if not is_internal:
        may_create = create and not automatic and not (box and box.sole_reader_id)
        sender = _found(address, may_create and not is_suspicious)
    message = _message(arrived, box, address, sender, Direction.IN)
    message.automatic, message.author = automatic, arrived.member if is_internal else None
    if is_suspicious and not is_expected(message, arrived.answered.message):
        message.automatic, message.spam_since = SPAM, clock.now()
        return message, sender.why
    if is_suspicious and may_create:
        sender = _found(address, create=True)
        message.person, message.contact_point = sender.person, sender.point
    message.job, why = jobs.job_of(message, *arrived.answered, is_new_person=sender.is_new)
    if arrived.calendar and arrived.calendar.appointment:
        message.job, why = arrived.calendar.appointment.job, _("It replies to an appointment invitation.")
    return message, join_sentences(sender.why, why)


def _is_suspicious(arrived: Arrived, address: Address | None) -> bool:
    name = clean(address.address if address else "", 254)
    return is_suspect(arrived.mail, name, is_spam_by_provider=arrived.is_spam_by_provider)


def _automatic(arrived: Arrived, box: Channel | None) -> str:
    """Return the mark of a message that no person wrote to us; blank for one that a person is to read."""
    if _is_notice(arrived, box):
        return NOTICE
    usual = AUTOMATIC.get(arrived.verdict.kind, "")
    return arrived.calendar.automatic(usual) if arrived.calendar else usual


def _is_notice(arrived: Arrived, box: Channel | None) -> bool:
    address = arrived.origin.address if arrived.origin else ""
    answers: list[tuple[Any, Any]] = notice_asked.send(Read, address=address, box=box.address if box else "")
    return any(answer for _receiver, answer in answers)


def _in(box: Channel | None, arrived: Arrived) -> Message | None:
    """Find the mail in a mailbox that has it already, from the same sender and with the same content."""
    namesakes = _namesakes(box, arrived)
    if not namesakes:
        return None
    message = _message(arrived, box, arrived.sender, Sender(None, None, ""), Direction.IN)
    parts = arrived.mail.attachments
    return next((stored for stored in namesakes if is_same_mail(message, stored, parts)), None)


def _namesakes(box: Channel | None, arrived: Arrived) -> list[Message]:
    """Return the mails in a mailbox under the same Message-ID and from the same sender, or author."""
    if not arrived.is_known:
        return []
    theirs = Q()
    for one in (arrived.sender, arrived.origin):
        theirs |= Q(address__iexact=clean(one.address if one else "", 254))
    copies = Message.objects.filter(channel=box, message_id=bracketed(arrived.mail.message_id), direction=Direction.IN)
    return list(copies.filter(theirs).order_by("pk"))


def _found(address: Address | None, create: bool) -> Sender:
    value = normalize_email(address.address) if address else None
    if value in own_addresses():
        return Sender(None, None, _("It claims to come from one of our own mailboxes."))
    if address is None or value is None:
        return Sender(None, None, _("It has no sender we can reply to."))
    return find_sender("email", value, clean(address.name, 200).strip(), create=create)


def _message(
    arrived: Arrived, box: Channel | None, address: Address | None, sender: Sender, direction: Direction
) -> Message:
    mail, passed_on = arrived.mail, arrived.passed_on
    said = passed_on or mail
    parts = split_reply(said.text, said.html, subject=said.subject)
    text, html = parts.visible, mail.html
    if passed_on and arrived.cover_notes:  # its HTML has our own words in it
        html = passed_on.html
    if not text.strip() and arrived.calendar:
        text = arrived.calendar.text
    return Message(
        brand_id=box.brand_id if box else directory().default_brand.pk,
        channel=box,
        medium=Medium.EMAIL,
        direction=direction,
        state=Message.State.RECEIVED,
        person=sender.person,
        contact_point=sender.point,
        address=clean(address.address if address else "", 254),
        address_name=clean(address.name if address else "", 200),
        participants=clean_all(_participants(arrived)),
        at=_instant(mail, direction) or arrived.inbound.received_at,
        subject=clean(said.subject or mail.subject, 998),
        text=clean(text),
        folded_text=clean(_folded(parts)),
        html=clean(html),
        message_id=clean(bracketed(mail.message_id), 998),
        in_reply_to=clean(bracketed(mail.in_reply_to[0]) if mail.in_reply_to else "", 998),
        references=clean(" ".join(map(bracketed, mail.references))),
        thread_headers=clean_all(_thread_headers(mail)),
        authentication=authentication_results(mail),
        cover_notes=clean_all(arrived.cover_notes),
        problems=clean_all([asdict(problem) for problem in mail.problems]),
        inbound=arrived.inbound if arrived.inbound.pk else None,
    )


def _instant(mail: Mail, direction: str) -> datetime | None:
    """Return when a mail counts as written: when it was received if its Date lies behind. Of ours the Date is true."""
    return mail.received_at if mail.is_dated_behind and direction == Direction.IN else mail.date


def _folded(parts: Any) -> str:
    return "\n\n".join(filter(None, (parts.signature, parts.quoted)))


def _participants(arrived: Arrived) -> dict[str, Any]:
    """Return everybody a mail names; of very many the first, and how many more there are.

    The form or group that sent it for its author is no participant: it is named apart.
    """
    mail, author = arrived.mail, arrived.author
    named: dict[str, Any] = {"from": [[author.address.name, author.address.address]] if author.address else []}
    if author.sent_by:
        named["sent_by"] = [[author.sent_by.name, author.sent_by.address]]
    for name in ("to", "cc", "reply_to"):
        everybody: tuple[Address, ...] = getattr(mail, name)
        named[name] = [[each.name, each.address] for each in everybody[:MOST_NAMED]]
        if len(everybody) > MOST_NAMED:
            named[f"{name}_more"] = len(everybody) - MOST_NAMED
    return named


def _thread_headers(mail: Mail) -> dict[str, str]:
    found = {"Thread-Index": mail.thread_index, "Thread-Topic": mail.thread_topic}
    return {name: value[:998] for name, value in found.items() if value}


def _save(message: Message, arrived: Arrived, kind: str, why: str) -> None:
    """Store the message with its files, and record what there is to tell of it: nothing personal."""
    message.save()
    keep_parts(message, arrived.mail.attachments)
    if arrived.calendar:
        arrived.calendar.keep(message)
    back = arrived.verdict.returns_on
    told = {
        "medium": message.medium,
        "automatic": message.automatic,
        "returns_on": back.isoformat() if back else None,
        "matched_by": arrived.answered.by,
        "answers": arrived.answered.message.pk if arrived.answered.message else None,
        "why": why,
    }
    events.record(kind, subject=message, by=message.author, data=told, job_id=message.job_id)
