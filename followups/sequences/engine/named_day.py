"""Find the day for which a customer promises an answer: "I'll let you know on Friday", also in Dutch."""

import re
from datetime import date, datetime, timedelta

from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line
from libs.inbound_mail import split_reply

# So much of a message is read, and a day further off is no promise.
READ = 600
LONGEST = timedelta(days=60)
_PROMISE = re.compile(
    r"\b(?:let you know|tell you|get back to you|come back to you|decide|call you back|"
    r"weten|beslissen|besluiten|van ons horen|van mij horen|kom erop terug|komen erop terug|terugbellen)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?\n]")


def promised_day(text: str, written_at: datetime) -> date | None:
    """Return the day a customer names for their answer; None if they name none. `written_at`: in the local zone."""
    for sentence in _END.split(split_reply(text[:READ]).visible):
        if not _PROMISE.search(sentence):
            continue
        try:
            day = parse_line(sentence, written_at).at.date()
        except NotUnderstood:
            continue
        if written_at.date() < day <= (written_at + LONGEST).date():
            return day
    return None
