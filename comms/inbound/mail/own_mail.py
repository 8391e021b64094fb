"""Emails that a member sent from another program: recognize them and store them as sent messages."""

from collections.abc import Sequence

from comms.inbound import jobs
from comms.inbound.inbound_result import InboundResult
from comms.inbound.mail.arrived_mail import ArrivedMail
from comms.inbound.mail.mail_message import AUTOMATIC, NOTICE, build_message, find_mail_sender
from comms.inbound.mail.mail_storage import save_mail, set_aside_mail
from comms.inbound.mailboxes import mailboxes_of, member_at, own_addresses
from comms.models import Direction, Medium, Message
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import Mail, MailAddress


def is_own_copy(arrived: ArrivedMail) -> bool:
    """True if a member sent it to somebody else with a blind copy to us.

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
    """True if one of our mailboxes sent it, all its recipients are external, and answers go to us."""
    ours = own_addresses()
    if mail.sender is None or mail.sender.address.lower() not in ours:
        return False
    domains = {address.rpartition("@")[2] for address in ours}
    is_for_others = all(address.address.lower() in ours for address in mail.reply_to)
    return is_for_others and not any(address.domain in domains for address in (*mail.to, *mail.cc))


def store_own_mail(arrived: ArrivedMail, *, is_sent: bool) -> InboundResult:
    """Store a mail that a member sent from another program, as an answer to the customer.

    What stands among the sent mail, is a colleague's, or answers somebody was written by a person. A copy of anything
    else in our name may be of a program that sends invoices: it answers nobody.
    """
    mail = arrived.mail
    ours = own_addresses()
    others = [each for each in (*mail.to, *mail.cc) if each.address.lower() not in ours]
    stored = arrived.known.get(mail.message_id)
    if stored and (stored.direction == Direction.OUT or stored.author_id):
        return InboundResult("duplicate", _("It is a copy of an email we have."), stored)
    if not others:
        reason = _("It was sent to nobody else.")
        set_aside_mail(arrived, "internal", reason)
        return InboundResult("internal", reason)
    recipient = _answered_address(others, arrived)
    box = arrived.inbound.channel or mailboxes_of(mail, arrived.recipients, None)[0]
    message = build_message(arrived, box, recipient, find_mail_sender(recipient, create=False), Direction.OUT)
    message.job, why = jobs.job_of(message, *arrived.answered)
    message.state = Message.State.SENT
    message.sent_at = message.at
    message.automatic = AUTOMATIC.get(arrived.verdict.kind, "")
    owner = None
    if arrived.inbound.channel:
        owner = arrived.inbound.channel.owner
    member = arrived.member or owner
    if not (is_sent or member or arrived.answered.by):
        message.automatic = NOTICE
    if not message.automatic:
        message.author = member
    save_mail(message, arrived, "message.sent", why)
    if message.job and message.is_personal and not jobs.wrote_since(message):
        message.job.answer(Medium.EMAIL, by=member, cause=jobs.cause_of(message))
    return InboundResult("sent", why, message)


def _answered_address(others: Sequence[MailAddress], arrived: ArrivedMail) -> MailAddress:
    """Return the recipient a sent mail answers: the author of the answered mail, else the first external one."""
    written = ""
    if arrived.answered.message:
        written = arrived.answered.message.address.lower()
    by_address = {each.address.lower(): each for each in others}
    if written in by_address:
        return by_address[written]
    return next((each for each in others if member_at(each) is None), others[0])
