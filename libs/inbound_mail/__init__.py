"""Inbound email: parse it, classify it, find its author, split the reply from its quote, sanitize its HTML.

README.md has an example. Applications import from here alone.
"""

from libs.inbound_mail.authentication import authentication_results, is_doubtful
from libs.inbound_mail.calendar.event import CalendarEvent
from libs.inbound_mail.calendar.reader import read_calendar
from libs.inbound_mail.classification.author import Author, find_author, is_ours
from libs.inbound_mail.classification.classifier import classify
from libs.inbound_mail.classification.forwards import inner_forward
from libs.inbound_mail.classification.loops import LOOP_HEADER
from libs.inbound_mail.classification.marks import MailMark, read_mark
from libs.inbound_mail.classification.refusals import refusal_of
from libs.inbound_mail.html.safe_html import SafeHtml, safe_html
from libs.inbound_mail.message import (
    Bounce,
    Complaint,
    Forwarded,
    Mail,
    MailAddress,
    MailPart,
    MailProblem,
    MailRefusal,
    MailVerdict,
    OwnAddresses,
    RecipientReport,
    UnreadableMail,
)
from libs.inbound_mail.reading.charsets import codec_of
from libs.inbound_mail.reading.limits import MailLimits
from libs.inbound_mail.reading.parameters import header_parameters
from libs.inbound_mail.reading.reader import read_mail, read_message_id
from libs.inbound_mail.reply.own_images import own_images
from libs.inbound_mail.reply.split import split_reply
from libs.inbound_mail.spam import spam_signs

__all__ = [
    "LOOP_HEADER",
    "Author",
    "Bounce",
    "CalendarEvent",
    "Complaint",
    "Forwarded",
    "Mail",
    "MailAddress",
    "MailLimits",
    "MailMark",
    "MailPart",
    "MailProblem",
    "MailRefusal",
    "MailVerdict",
    "OwnAddresses",
    "RecipientReport",
    "SafeHtml",
    "UnreadableMail",
    "authentication_results",
    "classify",
    "codec_of",
    "find_author",
    "header_parameters",
    "inner_forward",
    "is_doubtful",
    "is_ours",
    "own_images",
    "read_calendar",
    "read_mail",
    "read_mark",
    "read_message_id",
    "refusal_of",
    "safe_html",
    "spam_signs",
    "split_reply",
]
