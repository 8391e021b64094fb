"""A verdict on a mail in one line."""

from libs.inbound_mail import classify
from libs.inbound_mail.message import MailVerdict, OwnAddresses
from tests.libs.inbound_mail.mails import read

OWN = OwnAddresses(
    frozenset({"info@example.nl", "support@example.nl"}), lambda message_id: message_id.endswith("@crm.example.nl")
)


def verdict(
    text: str = "Hello",
    *fields: str,
    subject: str = "Hi",
    sender: str = "Ann <ann@example.com>",
    date: str = "Sun, 22 Nov 2026 09:00:00 +0100",
) -> MailVerdict:
    """Judge a mail by its text, further fields and subject."""
    head = [f"From: {sender}", "To: info@example.nl", f"Subject: {subject}", f"Date: {date}", *fields]
    return classify(read("\n".join(head) + f"\n\n{text}"), own=OWN)
