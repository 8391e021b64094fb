"""Reasons why an email was refused, in words for its author: the meaning, and what to do."""

from django.utils.translation import gettext_noop

from comms.channels.interface import Permanent, Transient
from comms.stored_words import sentence_of
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import MailRefusal

WORDS = {
    MailRefusal.NO_ADDRESS: gettext_noop("The address does not exist: ask them for another, or call."),
    MailRefusal.FULL: gettext_noop("Their mailbox is full: try again later, or call."),
    MailRefusal.SIZE: gettext_noop("The message is too large for their mailbox: send fewer or smaller files."),
    MailRefusal.SPAM: gettext_noop("Their mail server treated it as spam: write it differently, or call."),
    MailRefusal.AUTHENTICATION: gettext_noop(
        "Their mail server doubts that it comes from us: whoever looks after our domain checks SPF, DKIM and DMARC."
    ),
    MailRefusal.BLOCKED: gettext_noop("Their mail server blocks email from us: call, or write another way."),
    MailRefusal.POLICY: gettext_noop("Their mail server’s rules don’t allow it: call, or write another way."),
    MailRefusal.LATER: gettext_noop("Their mail server accepts no email at the moment: try again later, or call."),
}


def refusal_reason(refusal: MailRefusal | None, answer: str) -> str:
    """Return the reason in words with the server's answer; only the answer if there is no reason."""
    if refusal is None or refusal not in WORDS:
        return answer
    words = _(WORDS[refusal])
    if answer:
        return _("%(reason)s (%(answer)s)") % {"reason": words, "answer": answer}
    return words


def failure_reason(error: Transient | Permanent) -> str:
    """Return why a message was not accepted: a mail server's reason in words, else the error."""
    if error.refusal in WORDS:
        return refusal_reason(error.refusal, error.code)
    return sentence_of(error)
