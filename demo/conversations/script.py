"""The script of a demo conversation as data: who said what by which way, and how it stands now."""

from dataclasses import dataclass, field

# Who says a turn: the customer, we, their absence notice, a note of ours, the customer's spouse, the product itself.
THEM, US, AWAY, NOTE, SPOUSE, AUTO = "them", "us", "away", "note", "spouse", "auto"


@dataclass(frozen=True)
class Turn:
    """One thing said. `after`: hours since the turn before. `medium`: blank for that of the conversation."""

    who: str
    after: float
    text: str
    medium: str = ""
    bounced: bool = False
    seconds: int | None = None  # of a call
    audience: str = "all"  # of a note


@dataclass(frozen=True)
class Script:
    """A conversation. `status`: how it stands; `ago`: hours since its last turn, one conversation for each of them."""

    subject: str
    medium: str
    turns: tuple[Turn, ...]
    status: str
    ago: tuple[float, ...]
    language: str = "en"
    priority: int = 3
    unassigned: bool = False
    # Of a second one that was merged into it: its only message. And how many of the last turns were split off.
    merged: str = ""
    split: int = 0
    hold: str = ""


@dataclass
class Conversation:
    """A script read for one customer."""

    script: Script
    ago: float
    words: dict[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        return text.format(**self.words)


def them(after: float, text: str, medium: str = "") -> Turn:
    return Turn(THEM, after, text, medium)


def us(after: float, text: str, medium: str = "", *, bounced: bool = False) -> Turn:
    return Turn(US, after, text, medium, bounced)


def note(after: float, text: str, audience: str = "all") -> Turn:
    return Turn(NOTE, after, text, audience=audience)


def call(after: float, seconds: int, text: str = "") -> Turn:
    return Turn(THEM, after, text, "call", seconds=seconds)


def long_thread(questions: tuple[tuple[str, str], ...], count: int, *, gap: float = 9.0) -> tuple[Turn, ...]:
    """Return `count` turns of question and answer, in turn."""
    turns = [turn for asked, said in questions for turn in (them(gap, asked), us(gap / 4, said))]
    return tuple(turns[at % len(turns)] for at in range(count))
