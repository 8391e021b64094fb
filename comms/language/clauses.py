"""Fold a short message and split it into clauses, so that whole words are compared. Pure.

A reader says what a message means only where it knows every word of it. What it does not know is for a person.
"""

import re
import unicodedata
from dataclasses import dataclass

# Longer messages say more than one thing; their readers leave them to people.
LONGEST = 600
# Hearts, thumbs, folded hands and the faces that agree; whatever their colour.
GLAD = frozenset("👍👌✅✔☑🙏👏🙌💯🤝🎉🥳😀😃😄😁😊🙂☺😇🥰😍😘😉😎🤗🤩❤♥💙💚💛🧡💜🖤🤍💕💖💗💪✨🌟⭐👋🦃🎄🎅🆗")
STOP_SIGNS = frozenset("🛑⛔🚫🔕✋")
# Joiners, variation selectors, keycap marks and skin tones belong to the sign before them.
_JOINED = re.compile("[\u200b-\u200f\u2060\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_APOSTROPHES = re.compile(r"['’‘‛ʼ′`´]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# Between words, a hyphen and a slash do not end a clause; a dash does.
_ENDS = re.compile(r"[.,;:!?¿¡…\n\r()\[\]\"“”„«»–—|]+|\s-+\s")
_WORD = re.compile(r"[^\W_]+")
_OTHER_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True)
class SentenceClause:
    """A part of a message between punctuation: folded words, and the original ones."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    is_question: bool

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Saying:
    """A short message: its clauses in order, and its emoji."""

    clauses: tuple[SentenceClause, ...]
    signs: frozenset[str]
    is_long: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def is_question(self) -> bool:
        return any(clause.is_question for clause in self.clauses)

    @property
    def is_glad(self) -> bool:
        """True if it has signs, all of which agree or thank."""
        return bool(self.signs) and self.signs <= GLAD

    @property
    def has_other_signs(self) -> bool:
        """True if it has a sign that neither agrees nor thanks: an angry face, a crying one, a house."""
        return not self.signs <= GLAD


def fold_word(word: str) -> str:
    """Return a word in lower case, without accents and apostrophes; letters written three times or more, once."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", word).casefold()).translate(_OTHER_LETTERS)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _REPEATED.sub(r"\1", letters)


def read_saying(text: str) -> Saying:
    """Split a message into clauses and emoji. Beyond `LONGEST` it is cut and marked."""
    short = _JOINED.sub("", unicodedata.normalize("NFC", text[:LONGEST]))
    signs = frozenset(letter for letter in short if unicodedata.category(letter) == "So")
    clauses = []
    begin = 0
    for end in [*_ENDS.finditer(short), None]:
        piece = short[begin : end.start() if end else len(short)]
        mark = ""
        if end:
            mark = end[0]
        before = short[max(begin - 1, 0) : begin]
        if written := _words_of(piece):
            words = tuple(fold_word(word) for word in written)
            clauses.append(SentenceClause(words, written, "?" in mark or before == "¿"))
        elif "?" in mark:
            clauses.append(SentenceClause((), (), is_question=True))
        if end:
            begin = end.end()
    return Saying(tuple(clauses), signs, len(text) > LONGEST)


def _words_of(piece: str) -> tuple[str, ...]:
    written = tuple(_WORD.findall(_APOSTROPHES.sub("", piece)))
    # "S T O P" is one word.
    is_spelled = len(written) > 2 and all(len(word) == 1 and word.isalpha() for word in written)
    if is_spelled:
        return ("".join(written),)
    return written
