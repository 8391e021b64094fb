"""LineText: a typed line from which parsed words are removed; the rest is the subject."""

import re

from followups.quick_entry.patterns import LEAD_IN


class NotUnderstood(ValueError):
    """A line can't be understood; the message is one sentence for the person who typed it."""


class LineText:
    """The part of a line that is not understood yet, as `text`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def cut(self, pattern: re.Pattern[str], mark: str = "") -> re.Match[str] | None:
        """Replace the first match by a placeholder, and return it."""
        match = pattern.search(self.text)
        if match:
            self.replace(match.start(), match.end(), mark)
        return match

    def replace(self, start: int, end: int, mark: str) -> None:
        """Replace a part, with the preposition before it ("by", "from"), by a placeholder."""
        self.text = f"{LEAD_IN.sub('', self.text[:start])} {mark} {self.text[end:]}"
