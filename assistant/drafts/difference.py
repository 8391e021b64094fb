"""Compare a draft with its template, word by word, and mark what the record does not say. Pure but for its inputs."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from assistant.calls.answer_check import unsupported_facts

_TOKEN = re.compile(r"\s+|[^\s]+")
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")


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
    for kind, begin, end, new_begin, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield DraftPiece("".join(after[new_begin:new_end]), "")
            continue
        if removed := "".join(before[begin:end]).strip():
            yield DraftPiece(removed, "out")
        added = "".join(after[new_begin:new_end])
        if added:
            yield from _added_pieces(added, spoken, inside)


def _added_pieces(added: str, spoken: list[str], inside: list[str]) -> Iterator[DraftPiece]:
    mark = "note" if _comes_from(added, inside, spoken) else "new"
    unknown = list(dict.fromkeys(unsupported_facts(f"– {added}", [*spoken, *inside])))
    if not unknown:
        yield DraftPiece(added, mark)
        return
    for piece in _split_at(added, unknown):
        if piece:
            yield DraftPiece(piece, "unknown" if piece in unknown else mark)


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
