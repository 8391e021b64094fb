"""Preset: what a higher app offers in the picker beside the templates: words, and what it does once they are sent."""

from dataclasses import dataclass
from typing import Any

from comms.library.context import subject_of
from comms.library.variables import Subject, values_of
from comms.rendering.liquid_text import bare, holes, variables, write


@dataclass(frozen=True)
class Preset:
    """One of them. Whoever embeds the composer does what it `does`: on sending, or at `url` at once without words."""

    uid: str
    name: str
    # In words, before anybody chooses it.
    does: str
    # Liquid; blank: it says nothing.
    source: str = ""
    url: str = ""

    def words(self, **about: Any) -> str:
        """Return its words for a record (`subject_of`), without marks; what has no value stands as {{ its name }}."""
        return bare(self.marked_words(**about)).strip()

    def marked_words(self, **about: Any) -> str:
        """Return its words with marks around the values."""
        subject: Subject = subject_of(**about)
        return holes(write(self.source, values_of(subject, variables(self.source))))
