"""The lines of a body with their kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

# What is read of a line to tell what it is; a longer one is prose.
LOOKED_AT = 400
# Lines that are looked through. What comes after them is as the last of them was: quoted, or seen.
LOOKED_THROUGH = 3_000
# Marks that stand in front of a quoted line.
_MARKS = (">", "»")
_DECORATION = " \t\xa0\u200b\u200e\u200f\ufeff"


class LineKind(Enum):
    """The kind of a line."""

    TEXT = "text"
    BLANK = "blank"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(slots=True)
class ReplyLine:
    """A line as written. Lines of an HTML body know whether they are quoted."""

    text: str
    kind: LineKind = LineKind.TEXT
    # From here on all of it is the message that is answered, marked or not.
    ends_reply: bool = False
    # It stands in a block that is set in: a quote where somebody is said to have written it, a stylistic device else.
    is_indented: bool = False

    @property
    def bare(self) -> str:
        """The beginning of the line, stripped."""
        return self.text[:LOOKED_AT].strip(_DECORATION)

    @property
    def is_blank(self) -> bool:
        return self.kind is LineKind.BLANK


def lines_of(text: str) -> list[ReplyLine]:
    """Split a plain text body; lines with a mark are quoted.

    Of a long one, what comes after the lines that are looked through are runs of quoted lines and of others.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [ReplyLine(line, _line_kind(line)) for line in lines[:LOOKED_THROUGH]] + _merge_runs(lines[LOOKED_THROUGH:])


def _merge_runs(lines: list[str]) -> list[ReplyLine]:
    """Merge adjacent lines of one kind, with at most two blank ones; after very many runs, all."""
    runs: list[tuple[LineKind, list[str]]] = []
    blanks = 0
    for at, line in enumerate(lines):
        kind = _line_kind(line)
        if kind is LineKind.BLANK:
            blanks = blanks + 1
        else:
            blanks = 0
        if runs and (kind is LineKind.BLANK or kind is runs[-1][0]):
            if blanks < 3:
                runs[-1][1].append(line)
        elif len(runs) < LOOKED_THROUGH:
            runs.append((kind, [line]))
        else:
            runs.append((LineKind.TEXT, lines[at:]))
            break
    return [ReplyLine("\n".join(run), kind) for kind, run in runs]


def _line_kind(text: str) -> LineKind:
    bare = text and text[:LOOKED_AT].strip(_DECORATION)
    if not bare:
        return LineKind.BLANK
    if is_marked(bare):
        return LineKind.QUOTE
    return LineKind.TEXT


def is_marked(bare: str) -> bool:
    """True if a line has a quotation mark; not for `>>> here <<<` or mbox's ">From"."""
    return bare.startswith(_MARKS) and not bare.endswith("<<<") and not bare.startswith(">From ")


def join_lines(lines: Iterable[ReplyLine]) -> str:
    """Join lines without the blank ones around them."""
    return "\n".join(line.text for line in lines).strip("\n\r \t\xa0")
