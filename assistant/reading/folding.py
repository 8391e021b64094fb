"""Fold text so that words are compared regardless of case, accents and apostrophes. Pure."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘‛ʼ′`´]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_OTHER_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def fold_text(text: str) -> str:
    """Return a text in lower case without accents and apostrophes; letters written three times or more, once."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold())).translate(_OTHER_LETTERS)
    return _REPEATED.sub(r"\1", "".join(letter for letter in plain if not unicodedata.combining(letter)))
