"""Signed references to a message in its email: the Message-ID, the reply address, and a mark in the text.

An id or address that somebody made up does not check, so nobody writes into a thread by guessing
(docs/rules.md#threading).
"""

import hmac
import re
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

# Some relays refuse longer header blocks (docs/rules.md#threading).
LONGEST_REFERENCES = 1500
# Half of a SHA-256's hexadecimal digits would be 32; 16 are 64 bits, and a guess can't be tried offline.
SIGNATURE = 16
LONGEST = 998
_OWN_ID = re.compile(r"<?tl\.([0-9a-f]{32})\.([0-9a-f]{16})@")
_REPLY = re.compile(r"[^@+]{1,64}\+([0-9a-f]{32})([0-9a-f]{16})@")
_IDS = re.compile(r"<[^<>\s]{1,990}>")
_MARK = re.compile(r"\[ref:([0-9a-f]{32})([0-9a-f]{16})\]")
# So much of a text is looked through for marks, and so many marks are tried.
_MARKED_WITHIN = 200_000
_MOST_MARKS = 20


def _short_signature(purpose: str, uid: UUID, secret: str) -> str:
    return salted_hmac(f"comms.{purpose}", uid.hex, secret=secret, algorithm="sha256").hexdigest()[:SIGNATURE]


def _is_signed(purpose: str, uid: UUID, signature: str) -> bool:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(_short_signature(purpose, uid, secret), signature) for secret in secrets)


def message_id(uid: UUID, domain: str) -> str:
    """Return the Message-ID of an outgoing email."""
    return f"<tl.{uid.hex}.{_short_signature('message_id', uid, settings.SECRET_KEY)}@{domain}>"


def own_message(text: str) -> UUID | None:
    """Return the message UID in a Message-ID of ours; None if foreign or forged."""
    match = _OWN_ID.match(text.strip()[:LONGEST].lower())
    if not match:
        return None
    uid = UUID(match[1])
    if _is_signed("message_id", uid, match[2]):
        return uid
    return None


def reply_address(uid: UUID, address: str, reply_domain: str = "") -> str:
    """Return the address for replies: `reply+token@reply_domain`, or the own address with the token."""
    local, _, domain = address.rpartition("@")
    token = f"{uid.hex}{_short_signature('reply', uid, settings.SECRET_KEY)}"
    if reply_domain:
        return f"reply+{token}@{reply_domain}"
    return f"{local.partition('+')[0]}+{token}@{domain}"


def replied_message(address: str) -> UUID | None:
    """Return the message UID in a reply address; None for any other address."""
    match = _REPLY.match(address.strip()[:LONGEST].lower())
    if not match:
        return None
    uid = UUID(match[1])
    if _is_signed("reply", uid, match[2]):
        return uid
    return None


def is_reply_address(address: str) -> bool:
    """True if an address is a reply address of ours."""
    return replied_message(address) is not None


def thread_mark(uid: UUID) -> str:
    """Return the mark in an email's text; a quotation keeps it if a relay drops the headers."""
    return f"[ref:{uid.hex}{_short_signature('mark', uid, settings.SECRET_KEY)}]"


def marked_messages(text: str) -> list[UUID]:
    """Return the message UIDs of the marks in a text, in order."""
    matches = islice(_MARK.finditer(text[:_MARKED_WITHIN]), _MOST_MARKS)
    uids = [(UUID(each[1]), each[2]) for each in matches]
    return [uid for uid, signature in uids if _is_signed("mark", uid, signature)]


def references(earlier: str, answered: str) -> str:
    """Return the References of an answer, oldest first, ending with the answered email.

    Too long, the first and the last stay, and as many before the last as fit.
    """
    ids = list(dict.fromkeys(_IDS.findall(earlier[:100_000])))
    ids = [each for each in ids if each != answered] + ([answered] if _IDS.fullmatch(answered) else [])
    while len(ids) > 2 and len(" ".join(ids)) > LONGEST_REFERENCES:
        del ids[1]
    joined = " ".join(ids)
    if len(joined) <= LONGEST_REFERENCES:
        return joined
    return ids[-1][:LONGEST_REFERENCES]
