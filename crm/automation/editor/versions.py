"""The difference between two versions of a rule, in words, line by line."""

import difflib
from collections.abc import Sequence
from typing import NamedTuple


class Piece(NamedTuple):
    """A line: in both, only in the older one ("-"), or only in the newer one ("+")."""

    sign: str
    text: str


def compared(older: Sequence[str], newer: Sequence[str]) -> list[Piece]:
    """Return the lines of both; nothing where they say the same."""
    found = list(difflib.unified_diff(older, newer, n=100, lineterm=""))
    return [Piece(line[:1].strip(), line[1:]) for line in found[3:]]
