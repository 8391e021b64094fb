"""Build the message of an incoming email: its sender, whether it is automatic or spam, and the lead it is about."""

from typing import Any

from comms.inbound import jobs
from comms.inbound.inbound_result import InboundResult, notice_asked
from comms.inbound.mail.arrived_mail import ArrivedMail
from comms.inbound.mail.mail_message import AUTOMATIC, NOTICE, build_message, find_mail_sender
from comms.inbound.screening.spam import is_expected, is_suspect
from comms.inbound.text_cleaning import clean_text
from comms.models import Channel, Direction, Message
from comms.models.message import SPAM
from comms.stored_words import join_sentences
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.people.senders import Sender
from libs.inbound_mail import MailAddress


def build_customer_message(arrived: ArrivedMail, box: Channel | None, *, create: bool) -> tuple[Message, str]:
    """Build the unsaved message of a mail and the reason for its sender. `create`: unknown senders become persons."""
    automatic = _automatic_mark(arrived, box)
    if automatic == NOTICE:
        address = arrived.origin
    else:
        address = arrived.sender
    is_internal = bool(arrived.member) and arrived.passed_on is None
    is_suspicious = not automatic and not is_internal and _is_suspicious(arrived, address)
    sender = Sender(None, None, _("A colleague wrote it."))
    if not is_internal:
        may_create = create and not automatic and not (box and box.sole_reader_id)
        sender = find_mail_sender(address, may_create and not is_suspicious)
    message = build_message(arrived, box, address, sender, Direction.IN)
    message.automatic = automatic
    if is_internal:
        message.author = arrived.member
    else:
        message.author = None
    if is_suspicious and not is_expected(message, arrived.answered.message):
        message.automatic = SPAM
        message.spam_since = clock.now()
        return message, sender.why
    if is_suspicious and may_create:
        sender = find_mail_sender(address, create=True)
        message.person = sender.person
        message.contact_point = sender.point
    message.job, why = jobs.job_of(message, *arrived.answered, is_new_person=sender.is_new)
    if arrived.calendar and arrived.calendar.appointment:
        message.job = arrived.calendar.appointment.job
        why = _("It replies to an appointment invitation.")
    return message, join_sentences(sender.why, why)


def _is_suspicious(arrived: ArrivedMail, address: MailAddress | None) -> bool:
    name = clean_text(address.address if address else "", 254)
    return is_suspect(arrived.mail, name, is_spam_by_provider=arrived.is_spam_by_provider)


def _automatic_mark(arrived: ArrivedMail, box: Channel | None) -> str:
    """Return the mark of an automatic message; blank for one that a member has to read."""
    if _is_notice(arrived, box):
        return NOTICE
    usual = AUTOMATIC.get(arrived.verdict.kind, "")
    if arrived.calendar:
        return arrived.calendar.automatic(usual)
    return usual


def _is_notice(arrived: ArrivedMail, box: Channel | None) -> bool:
    address = ""
    if arrived.origin:
        address = arrived.origin.address
    answers: list[tuple[Any, Any]] = notice_asked.send(InboundResult, address=address, box=box.address if box else "")
    return any(answer for _receiver, answer in answers)
