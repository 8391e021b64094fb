"""Line-by-line difference between two versions of a rule, in words."""

import difflib
from collections.abc import Sequence
from typing import NamedTuple


class VersionDiffLine(NamedTuple):
    """A line: in both, only in the older one ("-"), or only in the newer one ("+")."""

    sign: str
    text: str


def diff_versions(older: Sequence[str], newer: Sequence[str]) -> list[VersionDiffLine]:
    """Return the lines of both versions; an empty list if they are equal."""
    lines = list(difflib.unified_diff(older, newer, n=100, lineterm=""))
    return [VersionDiffLine(line[:1].strip(), line[1:]) for line in lines[3:]]
