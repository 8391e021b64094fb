"""Receive a raw email: store it as a message, or record it as a bounce, complaint, loop, copy or duplicate."""

from collections.abc import Sequence
from dataclasses import replace

from comms.gate.consent import opt_outs, suppressions
from comms.inbound import jobs
from comms.inbound.email_threading import AnsweredMessage, unread_ancestor
from comms.inbound.inbound_result import InboundResult, WaitsForMail
from comms.inbound.mail.arrived_mail import ArrivedMail, judge_mail, read_arrived
from comms.inbound.mail.customer_message import build_customer_message
from comms.inbound.mail.mail_message import AUTOMATIC, NOTICE
from comms.inbound.mail.mail_storage import find_stored_copy, same_id_messages, save_mail, set_aside_mail
from comms.inbound.mail.own_mail import is_own_copy, store_own_mail
from comms.inbound.mailboxes import mailboxes_of
from comms.inbound.undeliverable import record_bounce, record_complaint
from comms.models import Channel, Inbound, Medium, Message
from comms.models.message import SPAM
from comms.stored_words import join_sentences
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import split_reply


def receive_mail(
    raw: bytes,
    inbound: Inbound,
    *,
    recipients: Sequence[str] = (),
    is_sent: bool = False,
    may_wait: bool = False,
    is_spam: bool = False,
) -> InboundResult:
    """Parse and store a raw mail. `is_sent`: from a sent folder; `is_spam`: the provider's verdict.

    The same mail again in the same mailbox is a duplicate. With other content, or from another sender, it is a mail of
    its own: some programs use a Message-ID again, and whoever saw one can write it. Raises mail.message.Unreadable;
    Waits, if it may, where what it answers is not read yet and nothing that is read says where it belongs.
    """
    mail = read_arrived(raw, inbound)
    arrived = replace(judge_mail(mail, inbound, recipients), is_spam_by_provider=is_spam)
    if may_wait and not arrived.answered.by and (unread := unread_ancestor(mail, inbound)):
        raise WaitsForMail(unread)
    done = _handle_service_mail(arrived, is_sent=is_sent)
    if done is None:
        boxes = mailboxes_of(mail, recipients, inbound.channel)
        may_be_copy = arrived.is_known or len(boxes) > 1
        done, *done.others = [_store_in_mailbox(arrived, each, may_be_copy=may_be_copy) for each in boxes]
    done.mail = mail
    return done


def preview_mail(raw: bytes, inbound: Inbound, *, recipients: Sequence[str] = ()) -> InboundResult:
    """Return the outcome a raw mail would have, without storing it. Raises UnreadableMail."""
    mail = read_arrived(raw, inbound)
    arrived = judge_mail(mail, inbound, recipients)
    verdict = arrived.verdict
    answers = arrived.answered
    visible = split_reply(mail.text, mail.html, subject=mail.subject).visible
    message = None
    outcome: str
    if is_own_copy(arrived):
        outcome = "sent"
    else:
        outcome = verdict.kind
    if arrived.marking:
        outcome = arrived.marking.mark.kind
    if outcome == "person" or outcome in AUTOMATIC:
        message, _why = build_customer_message(
            arrived, mailboxes_of(mail, recipients, inbound.channel)[0], create=False
        )
        outcome = _outcome_of(message, answers)
    return InboundResult(
        outcome, verdict.reason, message, answers.message, answers.by, arrived.mail, verdict.bounce, visible
    )


def _handle_service_mail(arrived: ArrivedMail, *, is_sent: bool) -> InboundResult | None:
    """Handle mail that is no customer message; return None for one that is."""
    verdict = arrived.verdict
    visible = arrived.mail.text
    if is_sent or is_own_copy(arrived):
        return store_own_mail(arrived, is_sent=is_sent)
    if arrived.marking:
        return arrived.marking.apply_mark()
    if verdict.kind == "bounce" and verdict.bounce:
        about, why = record_bounce(verdict.bounce, arrived.inbound, arrived.known)
        reason = join_sentences(verdict.reason, why)
        if about is None:
            set_aside_mail(arrived, "report", reason)
        return InboundResult("bounce", reason, answers=about, bounce=verdict.bounce, visible=visible)
    if verdict.kind == "complaint":
        why = record_complaint(verdict.complaint, arrived.inbound, arrived.known)
        reason = join_sentences(verdict.reason, why)
        if why:
            set_aside_mail(arrived, "report", reason)
        return InboundResult("complaint", reason, visible=visible)
    if verdict.kind == "loop":
        set_aside_mail(arrived, "loop", verdict.reason)
        return InboundResult("loop", verdict.reason, visible=visible)
    return None


def _store_in_mailbox(arrived: ArrivedMail, box: Channel | None, *, may_be_copy: bool) -> InboundResult:
    """Store a mail in one of our mailboxes, once. `may_be_copy`: another message may have its Message-ID."""
    verdict = arrived.verdict
    answers = arrived.answered
    before = find_stored_copy(box, arrived)
    if before:
        already = _("This mailbox has it already.")
        if not before.author_id:
            set_aside_mail(arrived, "duplicate", already, box)
        return InboundResult("duplicate", already, before, answers.message, answers.by, visible=before.text)
    message, why = build_customer_message(arrived, box, create=True)
    message.repeat = len(same_id_messages(box, arrived))
    if message.automatic == SPAM:
        spam = _("It looks like spam, or a colleague marked its sender as spam.")
        save_mail(message, arrived, "message.set_aside", spam)
        return InboundResult("spam", spam, message, visible=message.text)
    save_mail(message, arrived, "message.received", why)
    _lift_mark(message, arrived)
    if not message.automatic and not message.author:
        opt_outs.process_opt_out(message)
        jobs.record_customer_message(message, may_be_copy=may_be_copy)
    outcome = _outcome_of(message, answers)
    if message.automatic and message.automatic != NOTICE:
        reason = verdict.reason
    else:
        reason = why
    return InboundResult(outcome, reason, message, answers.message, answers.by, visible=message.text)


def _lift_mark(message: Message, arrived: ArrivedMail) -> None:
    """Lift the dead-address mark of a sender, unless the sender is doubtful."""
    if message.address and arrived.sender == arrived.mail.sender and not message.sender_check.is_doubtful:
        suppressions.lift_dead_address(message.address, _("They wrote to us from it"), medium=Medium.EMAIL)


def _outcome_of(message: Message, answers: AnsweredMessage) -> str:
    if message.automatic == SPAM:
        return "spam"
    if message.automatic:
        return "auto_reply"
    if answers.by:
        return "reply"
    return "ticket"
