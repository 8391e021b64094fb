"""Letter: what an update says, in sentences, whichever way it is sent. Pure."""

from dataclasses import dataclass, field
from typing import Any

# So many sentences a part has at most, each so long: it is an update, not a report.
MOST = 12
LONGEST = 300
# What a text message says of it.
LONGEST_SHORT = 300


@dataclass(frozen=True)
class Letter:
    """What happened, what comes next, and what we need from the customer: a sentence each."""

    happened: tuple[str, ...]
    next: tuple[str, ...]
    needed: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The newest of what happened, what comes first, and what we need first, for a text message."""
        sentences = [*self.happened[-1:], *self.next[:1], *self.needed[:1]]
        text = " ".join(dict.fromkeys(sentences))
        if len(text) <= LONGEST_SHORT:
            return text
        return f"{text[: LONGEST_SHORT - 1].rpartition(' ')[0]}…"

    @property
    def given(self) -> dict[str, Any]:
        """The values of a template's variables."""
        return {
            "update.happened": list(self.happened),
            "update.next": list(self.next),
            "update.needed": list(self.needed),
            "update.short": self.short,
        }


@dataclass(frozen=True)
class LetterDraft:
    """A letter the product has written, what it is built from, and what in it is bad news, as codes."""

    letter: Letter
    sources: tuple[dict[str, Any], ...] = ()
    negatives: tuple[str, ...] = field(default=())
    is_no_news: bool = False


def split_sentences(text: str) -> tuple[str, ...]:
    """Read what somebody typed: a sentence a line, tidied, blank ones left out, cut to what an update may have."""
    lines = (" ".join(line.replace("\0", "").split())[:LONGEST] for line in text[: MOST * LONGEST * 2].splitlines())
    return tuple(line for line in lines if line)[:MOST]
