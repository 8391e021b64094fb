"""Meaning of a server's answer: permanent or temporary, and its status code (RFC 3463)."""

import re

from libs.inbound_mail.lexicon import any_of, load_words

LONGEST = 4_000
_ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.\w/:-])(4[2-57]\d|5[0-57]\d)(?=[ \-:,#.]|$)(?!-\d{3}-)", re.MULTILINE)
# Words, each with the status they imply: the first that is found counts.
_IMPLIED = tuple((status, any_of(patterns)) for status, patterns in load_words("bounces")["implied"].items())


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code of a failure in a text; "" for none."""
    match = _ENHANCED.search(text[:LONGEST])
    if match:
        return ".".join(match.groups())
    return ""


def reply_code(text: str) -> str:
    """Return the first reply code of a refusal ("550") in a text, "" for none."""
    match = _REPLY.search(text[:LONGEST])
    if match:
        return match[1]
    return ""


def implied_status(text: str) -> str:
    """Return the status that a wording implies; "" for none."""
    text = text[:LONGEST]
    return next((status for status, pattern in _IMPLIED if pattern.search(text)), "")


def judge(status: str, diagnostic: str) -> tuple[bool | None, str]:
    """Return whether a failure is permanent, and its status: by enhanced code, reply code, then words.

    `status` is what a report names; a server's answer is more exact where both are of one class, for 5.0.0 says
    nothing. None where nothing tells.
    """
    named = enhanced_code(status)
    answered = enhanced_code(diagnostic)
    vague = named[1:] == ".0.0"
    if named and not (vague and answered[:1] == named[:1]):
        words = ""
        if vague:
            words = implied_status(diagnostic)
        return named[0] == "5", f"{named[0]}{words[1:]}" if words else named
    if answered:
        return answered[0] == "5", answered
    if reply := reply_code(diagnostic):
        words = implied_status(diagnostic)
        return reply[0] == "5", f"{reply[0]}{words[1:] or '.0.0'}"
    words = implied_status(diagnostic)
    if words:
        return (words[0] == "5", words)
    return (None, "")
