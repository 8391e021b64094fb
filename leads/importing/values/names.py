"""Recognise names written last name first, "Jansen, P. van der", and reorder them."""

import re

from crm.kernel.normalization import name_key

_WORD = r"['’]?[^\W\d_][^\W\d_.'’\-]*(?:[.'’\-][^\W\d_.'’\-]*)*"
_TURNED = re.compile(rf"({_WORD}(?: {_WORD}){{0,3}}) ?, ?({_WORD}(?:(?: & | ){_WORD}){{0,5}})")
# Firms write commas too, and so do degrees: "Smith, Jones & Co", "King, MD".
_FIRM = frozenset(
    "inc incorporated llc llp lp ltd limited corp corporation co company plc bv nv vof gmbh ag kg sa".split()
)
_DEGREE = frozenset("jr sr ii iii iv md phd esq dds cpa mba msc bsc pc pa".split())
_LONGEST = 200


def first_name_first(name: str) -> str:
    """Return the name with the first name first; "" if it is not written last name first."""
    if name.count(",") != 1 or len(name) > _LONGEST or not (match := _TURNED.fullmatch(" ".join(name.split()))):
        return ""
    words = name.replace(",", " ").replace(".", "").lower().split()
    if _FIRM.intersection(words) or match[2].replace(".", "").lower() in _DEGREE:
        return ""
    return f"{match[2]} {match[1]}"


def name_words(cell: str) -> set[str]:
    """Return the words of a name, normalised for comparison."""
    return set(name_key(cell[:200]).split())


def is_part(name: str, whole: str) -> bool:
    """True if a first or last name is part of a full name: "jan" in "jan jansen" and in "j.p. jansen"."""
    return name in whole or (whole[1:2] == "." and whole[:1] == name[:1])
