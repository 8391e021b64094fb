"""Mail that marks another message: a reaction or a recall.

The mail itself is no message. Where there is none that it marks, a person reads it, as any other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import override

from comms.inbound.email_threading import AnsweredMessage
from comms.inbound.inbound_result import InboundResult
from comms.inbound.messaging.reactions import put_reaction
from comms.inbound.text_cleaning import clean_text
from comms.models import Direction, Medium, Message
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.platform.organization.configuration import directory
from libs.inbound_mail import Mail, MailAddress, MailMark, authentication_results, is_doubtful, read_mark

# Nobody calls an older mail back.
_SINCE = timedelta(days=30)


@dataclass(frozen=True)
class MarkingMail:
    """A mail that only marks a message: the message, the sender and the time."""

    mark: MailMark
    about: Message
    sender: MailAddress
    at: datetime

    def apply_mark(self) -> InboundResult:
        """Store the mark on its message. Idempotent."""
        is_reaction = self.mark.kind == "reaction"
        with override(directory().tenant.language):
            if is_reaction:
                words = ""
            else:
                words = _("wants it back:")
        address = clean_text(self.sender.address.lower(), 254)
        put_reaction(self.about, address, self.mark.sign, self.at, name=clean_text(self.sender.name, 200), words=words)
        why = ""
        if is_reaction:
            why = _("It is a reaction to a message we have.")
        return InboundResult(self.mark.kind, why or _("Its sender wants to recall an email that we have."), self.about)


def read_marking_mail(mail: Mail, answers: AnsweredMessage) -> MarkingMail | None:
    """Return the mark in a mail; None for any other mail."""
    mark = read_mark(mail)
    if mark is None or mail.sender is None or is_doubtful(authentication_results(mail)):
        return None
    if mark.kind == "recall":
        about = _find_recalled_message(mark, mail.sender.address)
    else:
        about = None
        if _is_about(mark, answers.message):
            about = answers.message
    if about:
        return MarkingMail(mark, about, mail.sender, mail.date or clock.now())
    return None


def _is_about(mark: MailMark, about: Message | None) -> bool:
    """True if a reaction only repeats the text of the message it answers."""
    if about is None:
        return False
    text = name_key(f"{about.text} {about.folded_text} {about.subject}")
    return all(name_key(line) in text for line in mark.quoted)


def _find_recalled_message(mark: MailMark, address: str) -> Message | None:
    """Return the sender's last mail with a subject."""
    theirs = Message.objects.filter(direction=Direction.IN, medium=Medium.EMAIL, address__iexact=address)
    lately = theirs.filter(subject__iexact=mark.subject, at__gt=clock.now() - _SINCE)
    message: Message | None = lately.select_related("job").order_by("-at", "-pk").first()
    return message
