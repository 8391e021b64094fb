"""Compare a draft with its template, word by word, and mark what the record does not say. Pure but for its inputs."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from assistant.calls.answer_check import unsupported_facts

_TOKEN = re.compile(r"\s+|[^\s]+")
# The space before and after a text, and what is between.
_AROUND = re.compile(r"(\A\s+|\s+\Z)")
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")

# Fewer equal words between two changes are no reason to cut the change in two.
FEWEST_EQUAL = 3


class DraftPiece(NamedTuple):
    """A piece of a draft. `mark`: "" as in the template, "new", "out" (taken out), "note" or "unknown"."""

    text: str
    mark: str


def compare_texts(
    template: str, draft: str, *, sources: Iterable[str] = (), notes: Iterable[str] = ()
) -> Iterator[DraftPiece]:
    """Yield the pieces of a draft against its template.

    New words that only a note of the team has are marked "note"; names and numbers that no source has, "unknown".
    """
    before = _TOKEN.findall(template)
    after = _TOKEN.findall(draft)
    spoken = [template, *sources]
    inside = list(notes)
    for change in _readable_changes(before, after):
        if change.is_equal:
            yield DraftPiece("".join(change.added), "")
            continue
        if removed := change.removed.strip():
            yield DraftPiece(removed, "out")
        yield from _added_pieces(change.added, spoken, inside)


class _Change(NamedTuple):
    """A part that both texts have, or words of the template and those that stand in their place."""

    is_equal: bool
    removed: str
    # The new words, in the runs that the word by word comparison found.
    added: tuple[str, ...]


def _readable_changes(before: list[str], after: list[str]) -> list[_Change]:
    """Return the changes from one text to the other.

    One or two equal words between two changes are part of the change: word for word, two sentences that have only
    "you" and "to" in common are mixed into one that nobody can read.
    """
    changes: list[_Change] = []
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (kind, begin, end, new_begin, new_end) in enumerate(codes):
        removed = "".join(before[begin:end])
        added = "".join(after[new_begin:new_end])
        is_between = 0 < place < len(codes) - 1
        is_equal = kind == "equal" and not (is_between and len(added.split()) < FEWEST_EQUAL)
        if changes and not is_equal and not changes[-1].is_equal:
            last = changes.pop()
            changes.append(_Change(False, last.removed + removed, (*last.added, added)))
        else:
            changes.append(_Change(is_equal, removed, (added,)))
    return changes


def _added_pieces(runs: tuple[str, ...], spoken: list[str], inside: list[str]) -> Iterator[DraftPiece]:
    """Yield new words with their marks; the space around them is not marked."""
    added = "".join(runs)
    mark = "note" if _comes_from(added, inside, spoken) else "new"
    # A run may begin with a name: behind a dash its capital is not that of a sentence.
    facts = (fact for run in runs for fact in unsupported_facts(f"– {run}", [*spoken, *inside]))
    unknown = list(dict.fromkeys(facts))
    for part in _AROUND.split(added):
        if not part or part.isspace():
            pieces = [DraftPiece(part, "")]
        else:
            pieces = [DraftPiece(one, "unknown" if one in unknown else mark) for one in _split_at(part, unknown)]
        yield from (piece for piece in pieces if piece.text)


def _split_at(text: str, facts: list[str]) -> Iterator[str]:
    """Cut a text before and after each of the facts in it, the longest first where two begin."""
    while places := [(text.index(fact), -len(fact), fact) for fact in facts if fact in text]:
        begin, _length, fact = min(places)
        yield text[:begin]
        yield fact
        text = text[begin + len(fact) :]
    yield text


def _comes_from(added: str, inside: list[str], spoken: list[str]) -> bool:
    """True if new words stand in notes of the team and nowhere else."""
    words = set(_words([added])) - set(_words(spoken))
    return bool(words & set(_words(inside)))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.casefold() for word in _CONTENT_WORD.findall(text))
