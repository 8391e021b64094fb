"""Message-IDs in fields that contain one, many, or surrounding text."""

import re

_LONGEST = 998
_ANGLED = re.compile(r"<([^<>]{1,1200})>")


def read_ids(text: str, most: int) -> tuple[str, ...]:
    """Return the IDs of a field without brackets, in order and unique; the first and last of too many."""
    candidates = _ANGLED.findall(text)
    if not candidates:
        # Without brackets, or with one of them lost; a word of prose has no "@".
        candidates = [word.strip("<>,;\"'()") for word in text.split() if "@" in word or "<" in word]
    ids = list(dict.fromkeys(filter(None, map(_clean_id, candidates))))
    return tuple(ids if len(ids) <= most else [*ids[:1], *ids[-most + 1 :]])


def read_id(values: tuple[str, ...]) -> str:
    """Return an email's own ID: the first valid one of several fields; "" for none."""
    every = [read_ids(value, 1) or (_clean_id(value),) for value in values]
    usable = [each[0] for each in every if each and each[0]]
    return next((one for one in usable if "@" in one), usable[0] if usable else "")


def _clean_id(text: str) -> str:
    text = "".join(text.split()).strip("<>")
    if len(text) <= _LONGEST:
        return text
    return ""
