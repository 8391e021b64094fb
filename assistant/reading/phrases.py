"""PhraseIndex: find many phrases in the words of a sentence in one pass. Pure.

A phrase is words; "leak*" stands for every word that begins so, and ".." for up to three words between two others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

GAP = ".."
LONGEST_GAP = 3
_SHORTEST_PREFIX = 3


class PhraseMatch(NamedTuple):
    """A phrase at a position: its first word, the word behind its last one, and what it stands for."""

    value: Any
    begin: int
    end: int


class PhraseIndex:
    """Phrases by their first word."""

    def __init__(self, phrases: Iterable[tuple[str, Any]]) -> None:
        self._by_word: dict[str, list[tuple[tuple[str, ...], Any]]] = defaultdict(list)
        self._by_prefix: dict[str, list[tuple[tuple[str, ...], Any]]] = defaultdict(list)
        for phrase, value in phrases:
            first, *rest = phrase.split()
            if first == GAP:
                raise ValueError(f"a phrase begins with a word: {phrase!r}")
            if first.endswith("*"):
                if len(first) <= _SHORTEST_PREFIX - 1:
                    raise ValueError(f"too short for a prefix: {phrase!r}")
                self._by_prefix[first[:-1]].append((tuple(rest), value))
            else:
                self._by_word[first].append((tuple(rest), value))
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def matches(self, words: Sequence[str]) -> Iterator[PhraseMatch]:
        """Find all phrases in the words, in the order of their first word."""
        for begin, word in enumerate(words):
            for rest, value in self._candidates(word):
                end = _end_of(rest, words, begin + 1)
                if end:
                    yield PhraseMatch(value, begin, end)

    def _candidates(self, word: str) -> Iterator[tuple[tuple[str, ...], Any]]:
        yield from self._by_word.get(word, ())
        for length in self._lengths:
            if length > len(word):
                return
            yield from self._by_prefix.get(word[:length], ())


def _end_of(rest: tuple[str, ...], words: Sequence[str], at: int) -> int:
    """Return the position behind the rest of a phrase that begins at `at`; 0 if it does not match."""
    for place, item in enumerate(rest):
        if item == GAP:
            behind = rest[place + 1 :]
            for start in range(at, min(at + LONGEST_GAP, len(words) - 1) + 1):
                if end := _end_of(behind, words, start):
                    return end
            return 0
        if at >= len(words) or not _is_word(item, words[at]):
            return 0
        at += 1
    return at


def _is_word(item: str, word: str) -> bool:
    if item.endswith("*"):
        return word.startswith(item[:-1])
    return word == item
