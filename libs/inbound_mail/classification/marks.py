"""Emails that only mark another one: an emoji reaction, or a recall.

By their form, not by a list of sentences: programs write them in every language, and name the sender, the subject and
the emoji. In doubt a person wrote it.
"""

import json
import re
import unicodedata
from typing import Literal, NamedTuple

from libs.inbound_mail.classification.automatic import own_words
from libs.inbound_mail.classification.bounce_text import REPLIED
from libs.inbound_mail.message import Mail

_GMAIL = "text/vnd.google.email-reaction+json"
_LONGEST_SIGN = 40
# "reacted", "reagiert", "gereageerd", "réagi", "reaccionado", "reagito", "reagiu", "reagerade" …
_REACTED = re.compile(r"(?:ge|za)?r[eé]a(?:ct|cc|g)\w{0,12}", re.IGNORECASE)
# "Recall: My roof", "Rückruf: My roof", "Rappel : My roof".
_PREFIXED = re.compile(r"([^:]{3,24}?)[ \xa0]?:[ \xa0](.{1,300})")
# "Sent: Monday", above the mail that is quoted.
_FIELD = re.compile(r"[^\W\d_][^:\n]{1,20}:(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+")
# So many words has the sentence of a program besides the names in it.
_MOST_WORDS = 9


class MailMark(NamedTuple):
    """A mark on another email. `sign`: the emoji; `subject`: of the recalled email.

    `quoted`: what stands below, which has to be of the mail it is about.
    """

    kind: Literal["reaction", "recall"]
    sign: str = ""
    subject: str = ""
    quoted: tuple[str, ...] = ()


def read_mark(mail: Mail) -> MailMark | None:
    """Return the mark in an email; None if it has other content."""
    text = own_words(mail)
    return _by_gmail(mail) or _read_reaction(mail, text) or _read_recall(mail, text)


def _by_gmail(mail: Mail) -> MailMark | None:
    part = next((part for part in mail.attachments if part.type == _GMAIL), None)
    if part is None:
        return None
    try:
        payload = json.loads(part.content[:2_000])
    except ValueError:
        return None
    sign = None
    if isinstance(payload, dict):
        sign = payload.get("emoji")
    is_sign = isinstance(sign, str) and 0 < len(sign) <= _LONGEST_SIGN and not _WORD.search(sign)
    if is_sign and isinstance(sign, str):
        return MailMark("reaction", sign)
    return None


def _read_reaction(mail: Mail, text: str) -> MailMark | None:
    """Parse Outlook's "Cora Customer reacted to your message: 👍"."""
    lines = [line.strip() for line in text[:1_000].split("\n") if line.strip()]
    if not lines or "?" in lines[0]:
        return None
    rest = _without_name(mail, lines[0])
    # The emoji stands in the sentence, or alone on the next line; whatever follows is the mail it is about.
    sign = _find_emoji(lines[0]) or (_find_emoji(lines[1]) if len(lines) > 1 and not _WORD.search(lines[1]) else "")
    if not rest or not sign or not _REACTED.search(rest) or len(_WORD.findall(rest)) > _MOST_WORDS:
        return None
    if _find_emoji(lines[0]):
        below = lines[1:]
    else:
        below = lines[2:]
    return MailMark("reaction", sign, quoted=tuple(line for line in below if not _FIELD.match(line)))


def _read_recall(mail: Mail, text: str) -> MailMark | None:
    """Parse Outlook's “Cora Customer would like to recall the message, "My roof".”, if it stands alone."""
    match = _PREFIXED.fullmatch(mail.subject[:330].strip())
    sentence = " ".join(text[:1_000].split())
    if match is None or REPLIED.match(mail.subject) or mail.attachments or "?" in sentence:
        return None
    subject = " ".join(match[2].split())
    rest = _without_name(mail, sentence)
    if not rest or subject not in rest:
        return None
    if len(_WORD.findall(rest.replace(subject, " ", 1))) <= _MOST_WORDS:
        return MailMark("recall", "", subject)
    return None


def _without_name(mail: Mail, line: str) -> str:
    """Return a sentence without the sender's name at its beginning; "" if it doesn't begin with it."""
    name = ""
    if mail.sender:
        name = " ".join(mail.sender.name.split())
    begun = line.lstrip("".join(letter for letter in line if _is_sign(letter)) + " ")
    if name and begun.startswith(name):
        return begun[len(name) :].strip()
    return ""


def _find_emoji(line: str) -> str:
    """Return the emoji in a line."""
    match = re.search(r"[^\w\s.,:;!\"'()<>@/|*+–—-]{1,12}", line[:300])
    if match and any(map(_is_sign, match[0])):
        return match[0]
    return ""


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter) == "So" or letter in "\u2764\ufe0f\u200d"
