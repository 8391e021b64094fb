"""Mail loops: email that returns to its sender."""

from libs.inbound_mail.message import Mail, OwnAddresses
from libs.sentence import Sentence as _

# The header that mails of ours carry, with the address they are sent from.
LOOP_HEADER = "X-Loop"
# Between two companies a mail passes some ten; thirty are a circle.
_MOST_HOPS = 30


def loop_reason(mail: Mail, own: OwnAddresses) -> str:
    """Return why an email is in a loop, in words; "" if it is not.

    Our address as the sender is no sign: our own web form, a copier and a colleague's mail program write in our name.
    """
    if mail.message_id and own.wrote(mail.message_id):
        return _("We wrote it ourselves: its Message-ID is ours.")
    marks = {value.strip().strip("<>").lower() for value in mail.headers.all(LOOP_HEADER)}
    if marks & own.addresses:
        return _("We have received it before: it contains our own mark.")
    if len(mail.headers.all("Received")) > _MOST_HOPS:
        return _("It went through %(count)s servers: it is in a loop.") % {"count": len(mail.headers.all("Received"))}
    return ""
