"""Preset: text that a higher app offers in the picker, with an effect once it is sent."""

from dataclasses import dataclass
from typing import Any

from comms.library.context import subject_of
from comms.library.variables import TemplateSubject, values_of
from comms.rendering.liquid_text import holes, variables, without_marks, write


@dataclass(frozen=True)
class MessagePreset:
    """A preset. Its effect `does` happens on sending, or at `url` at once if it has no text."""

    uid: str
    name: str
    # In words, before anybody chooses it.
    does: str
    # Liquid; blank: it says nothing.
    source: str = ""
    url: str = ""

    def words(self, **about: Any) -> str:
        """Return its text for a record (`subject_of`), without marks; missing values stay as {{ name }}."""
        return without_marks(self.marked_words(**about)).strip()

    def marked_words(self, **about: Any) -> str:
        """Return its text with its values marked."""
        subject: TemplateSubject = subject_of(**about)
        return holes(write(self.source, values_of(subject, variables(self.source))))
