"""Whether a mail is a copy of a stored one, or another one with the same Message-ID.

Some programs use a Message-ID again: copiers, parcel services, old shop systems. A true copy has the same words, except
for what a list or a filter adds, and the same files. In doubt it is another mail, which is shown.
"""

import hashlib
import re
from collections.abc import Sequence

from comms.models import Attachment, Message
from libs.inbound_mail import Mail, MailPart

_LONGEST = 100_000
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_TAGS = re.compile(
    r"^(?:\s{0,3}(?:\[[^\]\n]{1,60}\]|\*{1,5}[^*\n]{1,40}\*{1,5}|(?:re|fwd?|aw|wg|antw)\s{0,2}:)){1,10}", re.I
)
_WORD = re.compile(r"[^\W_]+")
# What a footer or a banner says of itself, or begins with.
_ADDED = re.compile(
    r"unsubscribe|afmelden|uitschrijven|abmelden|abbestellen|désabonner|darse de baja|mailing list|mailinglist"
    r"|virus|scanned|gescand|geprüft|external|extern|outside (?:of )?(?:the|your) organi[sz]ation|caution|confidential"
    r"|vertrouwelijk|vertraulich|confidentiel|disclaimer|sent via|verzonden via|groups|https?://|www\."
    r"|^\s{0,3}(?:[-_=*#~]{2,80})\s{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)


def is_same_mail(mail: Message, stored: Message, parts: Sequence[MailPart]) -> bool:
    """True if an unsaved mail is a copy of a stored one. `parts`: its attachments."""
    return (
        _subject_words(mail) == _subject_words(stored)
        and _has_same_text(mail, stored)
        and _has_same_files(parts, stored, has_words=bool(_text_words(mail.text)))
    )


def is_returned(mail: Mail, sent: Message) -> bool:
    """True if a mail with the Message-ID of a sent one contains that message's text."""
    ours = _text_words(sent.text)
    theirs = _text_words(mail.text)
    return f" {' '.join(ours)} " in f" {' '.join(theirs)} " or not ours


def _has_same_text(mail: Message, stored: Message) -> bool:
    """True if two mails have the same text; rewrapped text may have an undetected signature."""
    if _has_same_words(mail.text, stored.text) and _has_same_quotes(mail.folded_text, stored.folded_text):
        return True
    wholes = [f"{message.text}\n{message.folded_text}" for message in (mail, stored)]
    return _has_same_words(wholes[0], wholes[1])


def _subject_words(message: Message) -> list[str]:
    return _text_words(_TAGS.sub("", message.subject[:998]))


def _text_words(text: str) -> list[str]:
    """Return the words of a text in lower case, ignoring wrapping, marks and link addresses."""
    return _WORD.findall(_ADDRESS.sub(" ", text[:_LONGEST]).casefold())


def _has_same_words(one: str, other: str) -> bool:
    """True if two texts are equal, or differ by a footer or banner."""
    shorter, longer = sorted((one, other), key=lambda text: len(_text_words(text)))
    few = _text_words(shorter)
    many = _text_words(longer)
    if few == many:
        return True
    at = next((place for place in (0, len(many) - len(few)) if many[place : place + len(few)] == few), None)
    if not few or at is None:
        return False
    marks, own_marks = (len(_ADDED.findall(text[:_LONGEST])) for text in (longer, shorter))
    return marks > own_marks


def _has_same_quotes(one: str, other: str) -> bool:
    """True if signature and quotation of one are contained in the other's."""
    few, many = sorted((set(_text_words(one)), set(_text_words(other))), key=len)
    return few <= many


def _has_same_files(parts: Sequence[MailPart], stored: Message, *, has_words: bool) -> bool:
    """True if two mails have the same files; a mailing list may have dropped some if there is text."""
    theirs = set(Attachment.objects.filter(message=stored).values_list("file__sha256", flat=True))
    ours = {hashlib.sha256(part.content).hexdigest() for part in parts}
    return ours == theirs or (has_words and (ours < theirs or theirs < ours) and not (ours and theirs))
