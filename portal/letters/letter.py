"""Letter: the sentences of an update, independent of its medium. Pure."""

from dataclasses import dataclass, field
from typing import Any

# So many sentences a part has at most, each so long: it is an update, not a report.
MOST = 12
LONGEST = 300
# What a text message says of it.
LONGEST_SHORT = 300


@dataclass(frozen=True)
class Letter:
    """Sentences of an update: what happened, what comes next, and what we need from the customer."""

    happened: tuple[str, ...]
    next: tuple[str, ...]
    needed: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The most recent event, the next step and the first request, for a text message."""
        sentences = [*self.happened[-1:], *self.next[:1], *self.needed[:1]]
        text = " ".join(dict.fromkeys(sentences))
        if len(text) <= LONGEST_SHORT:
            return text
        return f"{text[: LONGEST_SHORT - 1].rpartition(' ')[0]}…"

    @property
    def given(self) -> dict[str, Any]:
        """Values of the template's variables."""
        return {
            "update.happened": list(self.happened),
            "update.next": list(self.next),
            "update.needed": list(self.needed),
            "update.short": self.short,
        }


@dataclass(frozen=True)
class LetterDraft:
    """A generated letter, its sources, and codes of the bad news in it."""

    letter: Letter
    sources: tuple[dict[str, Any], ...] = ()
    negatives: tuple[str, ...] = field(default=())
    is_no_news: bool = False


def split_sentences(text: str) -> tuple[str, ...]:
    """Split typed text into sentences, one a line; drops blank lines and cuts it to the maximum length."""
    lines = (" ".join(line.replace("\0", "").split())[:LONGEST] for line in text[: MOST * LONGEST * 2].splitlines())
    return tuple(line for line in lines if line)[:MOST]
