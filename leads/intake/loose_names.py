"""Find the pipeline or source that a sender names, exactly or loosely. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key

# Below this share of equal letters two names are not one misspelled: "Repairs" is "Repiars", and not "Removals".
ALIKE = 0.85
LONGEST = 120
# A shorter word, such as "of" or "ad", tells nothing by itself.
_SHORTEST_WORD = 4


class HasName(Protocol):
    """A row with a name."""

    name: str


NamedRow = TypeVar("NamedRow", bound=HasName)


@dataclass(frozen=True)
class NameMatch(Generic[NamedRow]):
    """The row that a text names, or the candidates. `is_exact`: no confirmation is needed."""

    row: NamedRow | None = None
    is_exact: bool = False
    candidates: tuple[NamedRow, ...] = ()

    def question(self, words: str) -> str:
        """Return the text and its match, for a person to confirm; blank for an exact match."""
        if self.is_exact or not words:
            return ""
        if self.row:
            return _("%(words)s (taken as “%(name)s”: is that right?)") % {"words": words, "name": self.row.name}
        if self.candidates:
            names = ", ".join(f"“{row.name}”" for row in self.candidates)
            return _("%(words)s (which one: %(names)s?)") % {"words": words, "names": names}
        return words


def match_name(words: str, rows: Sequence[NamedRow]) -> NameMatch[NamedRow]:
    """Return the row that a text names; None of several loose matches is chosen."""
    key = name_key(words[:LONGEST])
    if not key:
        return NameMatch()
    exact = next((row for row in rows if name_key(row.name) == key), None)
    if exact:
        return NameMatch(exact, is_exact=True)
    same_words = tuple(row for row in rows if _word_stems(key) == _word_stems(name_key(row.name)) != set())
    candidates = same_words or tuple(row for row in rows if _is_alike(key, name_key(row.name)))
    return NameMatch(candidates[0] if len(candidates) == 1 else None, candidates=candidates)


def _is_alike(one: str, other: str) -> bool:
    first = _word_stems(one)
    second = _word_stems(other)
    if first and second and (first <= second or second <= first):
        return True
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _word_stems(key: str) -> set[str]:
    """Return the words of a name without plural s."""
    return {word.removesuffix("s") for word in key.split() if len(word) >= _SHORTEST_WORD}
