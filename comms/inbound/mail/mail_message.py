"""Build a Message from an email that was read, unsaved, and find the person who sent it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from comms.inbound.email_threading import with_brackets
from comms.inbound.mail.arrived_mail import ArrivedMail
from comms.inbound.mailboxes import own_addresses
from comms.inbound.text_cleaning import clean_all, clean_text
from comms.models import Channel, Direction, Medium, Message
from comms.stored_words import stored_gettext as _
from crm.kernel.normalization import normalize_email
from crm.people.senders import Sender, find_sender
from crm.platform.organization.configuration import directory
from libs.inbound_mail import Mail, MailAddress, authentication_results, split_reply

# Kinds of mail that no person wrote to us: they are stored, and no answer is expected.
AUTOMATIC = {"auto_reply": "auto_reply", "challenge": "challenge", "list": "list"}
# Mail of a service that an app above reads, not of a person.
NOTICE = "notice"
# Participants kept of each kind.
MOST_NAMED = 200


def build_message(
    arrived: ArrivedMail, box: Channel | None, address: MailAddress | None, sender: Sender, direction: Direction
) -> Message:
    mail = arrived.mail
    passed_on = arrived.passed_on
    source = passed_on or mail
    parts = split_reply(source.text, source.html, subject=source.subject)
    text = parts.visible
    html = mail.html
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
        address=clean_text(address.address if address else "", 254),
        address_name=clean_text(address.name if address else "", 200),
        participants=clean_all(_participants(arrived)),
        at=_written_at(mail, direction) or arrived.inbound.received_at,
        subject=clean_text(source.subject or mail.subject, 998),
        text=clean_text(text),
        folded_text=clean_text(_folded_text(parts)),
        html=clean_text(html),
        message_id=clean_text(with_brackets(mail.message_id), 998),
        in_reply_to=clean_text(with_brackets(mail.in_reply_to[0]) if mail.in_reply_to else "", 998),
        references=clean_text(" ".join(map(with_brackets, mail.references))),
        thread_headers=clean_all(_thread_headers(mail)),
        authentication=authentication_results(mail),
        cover_notes=clean_all(arrived.cover_notes),
        problems=clean_all([asdict(problem) for problem in mail.problems]),
        inbound=arrived.inbound if arrived.inbound.pk else None,
    )


def find_mail_sender(address: MailAddress | None, create: bool) -> Sender:
    value = None
    if address:
        value = normalize_email(address.address)
    if value in own_addresses():
        return Sender(None, None, _("It claims to come from one of our own mailboxes."))
    if address is None or value is None:
        return Sender(None, None, _("It has no sender we can reply to."))
    return find_sender("email", value, clean_text(address.name, 200).strip(), create=create)


def _written_at(mail: Mail, direction: str) -> datetime | None:
    """Return when a mail was written; when received if its Date is implausible, except for our own."""
    if mail.is_dated_behind and direction == Direction.IN:
        return mail.received_at
    return mail.date


def _folded_text(parts: Any) -> str:
    return "\n\n".join(filter(None, (parts.signature, parts.quoted)))


def _participants(arrived: ArrivedMail) -> dict[str, Any]:
    """Return the participants of a mail, limited, with the number of further ones.

    The form or group that sent it for its author is no participant: it is named apart.
    """
    mail = arrived.mail
    author = arrived.author
    named: dict[str, Any] = {"from": [[author.address.name, author.address.address]] if author.address else []}
    if author.sent_by:
        named["sent_by"] = [[author.sent_by.name, author.sent_by.address]]
    for name in ("to", "cc", "reply_to"):
        everybody: tuple[MailAddress, ...] = getattr(mail, name)
        named[name] = [[each.name, each.address] for each in everybody[:MOST_NAMED]]
        if len(everybody) > MOST_NAMED:
            named[f"{name}_more"] = len(everybody) - MOST_NAMED
    return named


def _thread_headers(mail: Mail) -> dict[str, str]:
    headers = {"Thread-Index": mail.thread_index, "Thread-Topic": mail.thread_topic}
    return {name: value[:998] for name, value in headers.items() if value}
