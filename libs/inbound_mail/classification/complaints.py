"""Feedback loops: reports that a recipient marked our email as spam (RFC 5965, and older formats)."""

import re

from libs.inbound_mail.classification.delivery_report import original_message_id, returned_recipients
from libs.inbound_mail.message import Complaint, Mail, MailVerdict
from libs.inbound_mail.reading.addresses import read_addresses
from libs.sentence import Sentence as _

# Microsoft's JMRP, AOL's and Yahoo's before they followed the standard, and services that resell them.
_SENDERS = re.compile(
    r"^(?:staff@hotmail\.com|(?:fbl|feedback|complaints?|scomp|abuse-?report|fbl-no-reply|feedbackloop)@|[^@]{1,60}@"
    r"(?:[a-z0-9-]{1,40}\.){0,3}(?:fbl|feedback|arf)\.|scomp@aol\.net|feedback@arf\.mail\.yahoo\.com)",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"^(?:complaint about message from|email feedback report|abuse report|fbl|spam complaint)", re.IGNORECASE
)
_HIDDEN = re.compile(r"redacted|^$", re.IGNORECASE)
_NOT_ABUSE = frozenset({"not-spam"})


def complaint(mail: Mail) -> MailVerdict | None:
    """Return the complaint in an email; None if it is none."""
    fields = None
    if mail.report.kind == "feedback-report":
        fields = next(iter(mail.report.blocks), None)
    sender = ""
    if mail.sender:
        sender = mail.sender.address
    is_hotmail = "X-HmXmrOriginalRecipient" in mail.headers or "X-HmXmrOriginalRecipient" in mail.report.returned
    if fields is None and not is_hotmail and not (_SENDERS.search(sender) and _SUBJECTS.search(mail.subject[:200])):
        return None
    kind = (fields.get("Feedback-Type") if fields else "").strip().lower() or "abuse"
    if kind in _NOT_ABUSE:
        return MailVerdict("auto_reply", _("A provider reports that an email of ours is not spam."))
    recipients = dict.fromkeys(
        each for each in _complaint_recipients(mail) if not _HIDDEN.search(each.partition("@")[0])
    )
    report = Complaint(tuple(recipients), kind, original_message_id(mail))
    who = ", ".join(recipients) or _("an address that is not given")
    return MailVerdict(
        "complaint", _("A provider reports a complaint about an email to %(who)s.") % {"who": who}, complaint=report
    )


def _complaint_recipients(mail: Mail) -> list[str]:
    named = ("Original-Rcpt-To", "Removal-Recipient", "X-HmXmrOriginalRecipient")
    values = [value for block in mail.report.blocks for name in named for value in block.all(name)]
    values += [*mail.headers.all("X-HmXmrOriginalRecipient"), *mail.report.returned.all("X-HmXmrOriginalRecipient")]
    recipients = [each.address for value in values for each in read_addresses(value.replace("rfc822;", ""), 20)[0]]
    return recipients or returned_recipients(mail)
