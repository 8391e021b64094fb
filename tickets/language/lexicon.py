"""Lexicon: words of several languages with one meaning; matches whole words, ignoring accents (docs/rules.md#k12)."""

import re
import unicodedata
from collections.abc import Iterable

# So much of a text is read; what matters is said early.
_READ = 4000
_LETTERS = re.compile(r"[^\W\d_]+")


class Lexicon:
    """Words and phrases, folded and without accents."""

    def __init__(self, words: Iterable[str], phrases: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        self.phrases = tuple(phrases)

    def first(self, text: str) -> str:
        """Return the first match in a text without quotes and signature; "" for none."""
        plain = unicodedata.normalize("NFKD", text[:_READ].casefold())
        words = _LETTERS.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
        match = next((word for word in words if word in self.words), "")
        text_words = f" {' '.join(words)} "
        return match or next((phrase for phrase in self.phrases if f" {phrase} " in text_words), "")
