"""Phrasebook: words and phrases by meaning in several languages, and the parsing of a sentence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comms.language.clauses import fold_word

# What a word is that the phrasebook does not have.
UNKNOWN = ""


@dataclass(frozen=True)
class Phrase:
    """A phrase in a clause: its meaning and its position in the clause's words."""

    meaning: str
    begin: int
    end: int


class Phrasebook:
    """Phrases by meaning, separated by commas. The longest match wins."""

    def __init__(self, *books: Mapping[str, str]) -> None:
        self._meanings: dict[tuple[str, ...], str] = {}
        for book in books:
            for meaning, phrases in book.items():
                for phrase in phrases.replace("\n", " ").split(","):
                    words = tuple(fold_word(word) for word in phrase.split())
                    self._meanings.setdefault(words, meaning)
        self._longest = max(map(len, self._meanings))

    def read(self, words: Sequence[str]) -> list[Phrase]:
        """Divide the words of a clause into phrases; an unknown word is `UNKNOWN`."""
        phrases = []
        begin = 0
        while begin < len(words):
            phrase = self._phrase_at(words, begin)
            phrases.append(phrase)
            begin = phrase.end
        return phrases

    def _phrase_at(self, words: Sequence[str], begin: int) -> Phrase:
        for end in range(min(begin + self._longest, len(words)), begin, -1):
            if meaning := self._meanings.get(tuple(words[begin:end])):
                return Phrase(meaning, begin, end)
        return Phrase(UNKNOWN, begin, begin + 1)
