"""Reasons why a server refused a message: the address doesn't exist, or something in this message.

Only the first marks the address. In doubt it is the message: a customer who is written to once too often is better
off than one who is never written to again. Codes as RFC 3463 and the lists of the large providers explain them.
"""

import re

from libs.inbound_mail.classification.status_codes import LONGEST, enhanced_code, reply_code
from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import MailRefusal

# No such user, no such domain, bad address, moved without a new address, recipient or mail server that does not exist
# (RFC 7505 and Exchange), and a mailbox that is closed. 5.1.7 and 5.1.8 are about our own address, 5.1.0 about either.
_NO_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_BY_CODE = {
    "2.2": MailRefusal.FULL,
    "2.3": MailRefusal.SIZE,
    "3.4": MailRefusal.SIZE,
    "4.1": MailRefusal.LATER,
    "4.2": MailRefusal.LATER,
    "4.7": MailRefusal.LATER,
}
_ABOUT_SENDER = frozenset({"1.7", "1.8"})
# What a server names besides its reason: addresses, links, and hosts such as "mx1.antispam.example".
_NAMES = re.compile(
    r"https?://\S{1,300}|[^\s<>@]{1,64}@[\w.-]{1,200}|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", re.I
)
_WORDS = load_words("refusals")
_FULL = any_of(_WORDS["full"])
_SIZE = any_of(_WORDS["size"])
_AUTHENTICATION = any_of(_WORDS["authentication"])
_SPAM = any_of(_WORDS["spam"])
_LATER = any_of(_WORDS["later"])
_ABOUT_US = any_of(_WORDS["about_us"])
_BLOCKED = any_of(_WORDS["blocked"])
_POLICY = any_of(_WORDS["policy"])
_NO_DOMAIN = any_of(_WORDS["no_domain"])
_NO_USER = any_of(_WORDS["no_user"])
# In the order in which they count, before any code: what is no fault of the address.
_OTHERWISE = (
    (MailRefusal.FULL, _FULL),
    (MailRefusal.SIZE, _SIZE),
    (MailRefusal.AUTHENTICATION, _AUTHENTICATION),
    (MailRefusal.SPAM, _SPAM),
    (MailRefusal.LATER, _LATER),
    (MailRefusal.BLOCKED, _BLOCKED),
    (MailRefusal.POLICY, _ABOUT_US),
)


def refusal_of(status: str, answer: str) -> MailRefusal:
    """Return why a server refused a message, by its answer and status code.

    Words that blame the message count before a code that blames the address; some servers say 5.1.1 to spam.
    """
    text = " ".join(answer[:LONGEST].split())
    words = _NAMES.sub(" ", text)
    code = enhanced_code(text) or enhanced_code(status)
    if "4" in (enhanced_code(status)[:1], code[:1], reply_code(text)[:1]):
        if code[1:] == ".2.2" or _FULL.search(words):
            return MailRefusal.FULL
        return MailRefusal.LATER
    for refusal, pattern in _OTHERWISE:
        if pattern.search(words):
            return refusal
    return _by_code(code, text, words)


def _by_code(code: str, text: str, words: str) -> MailRefusal:
    """Return the reason of the status code, unless the answer's words contradict it."""
    is_policy = bool(_POLICY.search(words))
    is_vague = not code or code.endswith(".0")
    names_nobody = bool(_NO_USER.search(text) or _NO_DOMAIN.search(text))
    if code in _NO_ADDRESS:
        if is_policy and not names_nobody:
            return MailRefusal.POLICY
        return MailRefusal.NO_ADDRESS
    if is_vague and names_nobody and not is_policy:
        return MailRefusal.NO_ADDRESS
    if code.startswith("5.4.") and _NO_DOMAIN.search(text) and not is_policy:
        return MailRefusal.NO_ADDRESS
    detail = code.partition(".")[2]
    if detail.startswith("7.2") and len(detail) == 4:
        return MailRefusal.AUTHENTICATION
    if is_policy or detail.startswith("7.") or detail in _ABOUT_SENDER:
        return MailRefusal.POLICY
    return _BY_CODE.get(detail, MailRefusal.OTHER)
