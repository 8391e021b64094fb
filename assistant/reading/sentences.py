"""Split a message into the customer's own sentences, folded for comparison. Pure.

Quotations and signatures are left out, and so are sentences that talk to a program: "ignore your instructions".
"""

import re
from typing import NamedTuple

from assistant.reading.folding import fold_text
from assistant.reading.lexicon import read_orders
from libs.inbound_mail import split_reply

# So much of a text is read; what matters is said early.
LONGEST = 6000
MOST_SENTENCES = 80
_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n\s*")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]+")
_TOKEN = re.compile(r"[^\W_]+|[,;:()–—]")
# What people do not write: markup, assignments, objects in JSON, and a line that begins with the name of a role.
_CODE = re.compile(
    r"[{<]\s*[/!\"'a-z]"
    r"|\b(?:intent|label|urgency|sentiment|confidence|asks_for_person)\b[\"' ]{0,3}(?:=|:|\bis\b|\bto\b)"
    r"|\b\w{1,40}=\w|\basks_for_person\b"
    r"|^\W{0,4}(?:system|assistant|model|admin|instruction|new rule|systeem|assistent|beheerder|instructie)\b"
    r"[^a-z]{0,3}[:\]]",
    re.IGNORECASE,
)
_QUOTES_BEGIN = re.compile(r"^[ \t]{0,8}>|^-{3,}|^_{3,}|wrote:|schreef|^(?:From|Van|Von|De): ", re.MULTILINE)


class MessageSentence(NamedTuple):
    """A sentence: as written, its folded words, and for each word the number of its clause."""

    written: str
    words: tuple[str, ...]
    clauses: tuple[int, ...]

    @property
    def is_question(self) -> bool:
        return "?" in self.written

    @property
    def is_shouted(self) -> bool:
        """True if it ends in two exclamation marks, or has three or more words in capitals."""
        capitals = [word for word in self.written.split() if len(word) > 3 and word.isupper()]
        return "!!" in self.written or len(capitals) > 2


def own_text(text: str) -> str:
    """Return what the customer wrote, without quotation and signature."""
    short = text[:LONGEST]
    if _QUOTES_BEGIN.search(short):
        return split_reply(short).visible
    return short


def read_sentences(text: str) -> list[MessageSentence]:
    """Split a customer's message into sentences, without those that talk to a program."""
    visible = _INVISIBLE.sub("\n", own_text(text))
    parts = [part.strip() for part in _END.split(visible)]
    sentences = [read_sentence(part) for part in parts if part][:MOST_SENTENCES]
    return [sentence for sentence in sentences if not talks_to_program(sentence)]


def read_sentence(written: str) -> MessageSentence:
    """Fold the words of one sentence and number their clauses."""
    words: list[str] = []
    clauses: list[int] = []
    clause = 0
    for token in _TOKEN.findall(fold_text(written)):
        if token[0].isalnum():
            words.append(token)
            clauses.append(clause)
        else:
            clause += 1
    return MessageSentence(written, tuple(words), tuple(clauses))


def talks_to_program(sentence: MessageSentence) -> bool:
    """Return whether a sentence gives orders to a program, or is code; it says nothing about the customer."""
    return bool(_CODE.search(sentence.written)) or any(True for _match in read_orders().matches(sentence.words))
