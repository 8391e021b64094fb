"""Snippets of a text around the words found, with the words marked. Pure."""

import re
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.kernel.normalization import name_key

# Of a text so much is looked through; before the first word and in all so much is shown.
LOOKED_THROUGH = 20_000
BEFORE = 60
SHOWN = 200
_WORD = re.compile(r"\w+")


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """Return an escaped snippet around the first match, with each match in <mark>."""
    text = " ".join(text[:LOOKED_THROUGH].split())
    start = max(next((match.start() for match in _WORD.finditer(text) if _is_one(match[0], words)), 0) - BEFORE, 0)
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + SHOWN]
    return format_html(
        "{}{}{}", "… " if start else "", _mark_words(piece, words), " …" if start + SHOWN < len(text) else ""
    )


def _mark_words(piece: str, words: Sequence[str]) -> SafeString:
    parts = []
    last = 0
    for match in _WORD.finditer(piece):
        if _is_one(match[0], words):
            parts.append(format_html("{}<mark>{}</mark>", piece[last : match.start()], match[0]))
            last = match.end()
    return format_html_join("", "{}", [(part,) for part in [*parts, piece[last:]]])


def _is_one(word: str, words: Sequence[str]) -> bool:
    return name_key(word).startswith(tuple(words))
