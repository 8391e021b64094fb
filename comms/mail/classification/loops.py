"""Mail that comes back to where it left from."""

from django.utils.translation import gettext as _

from comms.mail.classification.bounce_words import REPLIED
from comms.mail.message import Mail, Own

# Between two companies a mail passes some ten; thirty are a circle.
_MOST_HOPS = 30


def loop_reason(mail: Mail, own: Own) -> str:
    """Return why a mail goes in a circle, in words; "" for one that does not."""
    if mail.message_id and own.wrote(mail.message_id):
        return _("We wrote it ourselves: its Message-ID is ours.")
    marks = {
        value.strip().strip("<>").lower() for value in (*mail.headers.all("X-Loop"), *mail.headers.all("X-BeenThere"))
    }
    if marks & own.addresses:
        return _("It has been here before: it carries our own mark.")
    if mail.sender and mail.sender.address.lower() in own.addresses and not _is_form(mail, own):
        return _("Its sender is our own address.")
    if len(mail.headers.all("Received")) > _MOST_HOPS:
        return _("It went through %(count)d servers: it goes in a circle.") % {
            "count": len(mail.headers.all("Received"))
        }
    return ""


def _is_form(mail: Mail, own: Own) -> bool:
    """A web form of ours writes in our own name, and gives the customer's address for the answer."""
    return (
        any(each.address.lower() not in own.addresses for each in mail.reply_to)
        and not mail.in_reply_to
        and not REPLIED.match(mail.subject)
        and mail.headers.get("Auto-Submitted").lower() in {"", "no"}
    )
