"""The address at which a customer's mail asks for its answer: Reply-To, where it is none that we know of them.

Anybody can write a Reply-To, and an answer quotes what the customer wrote. So it is offered beside their addresses and
never chosen by itself.
"""

from comms.composer.matter import Matter
from comms.inbound.mailboxes import own_addresses
from comms.mail import threads
from comms.models import Medium
from crm.kernel.normalization import email
from crm.people.models import ContactPoint


def offered_address(matter: Matter) -> str:
    """Return the first such address of the last mail of whoever is answered; "" where it asks for none.

    Of a mail that a form or a group sent, Reply-To is the author's, which is theirs already.
    """
    mail = matter.last_received(Medium.EMAIL) if matter.person else None
    if mail is None or mail.sent_by:
        return ""
    known = set(ContactPoint.objects.filter(person__in=matter.people).values_list("value", flat=True))
    known |= own_addresses() | {mail.address.lower()}
    asked = (email(address) for _name, address in mail.participants.get("reply_to", ()))
    return next((one for one in asked if one and one not in known and not threads.is_reply_address(one)), "")
