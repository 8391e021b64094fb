"""Detect which of a person's properties a message names: "the gutter at 2207 Bayshore" is about Bayshore Ct.

Rule: docs/rules.md#text-messages.
"""

from collections.abc import Iterable

from crm.kernel.normalization import name_key
from crm.people.models import Property

_READ = 5_000


def named_property(text: str, properties: Iterable[Property], *, besides: int | None) -> Property | None:
    """Return the other property a text names; None if it names the ticket's own, several, or none."""
    words = f" {name_key(text[:_READ])} "
    named = [each for each in properties if _names_street(words, each.street)]
    if any(each.pk == besides for each in named) or len(named) != 1:
        return None
    return named[0]


def _names_street(said: str, street: str) -> bool:
    """True if a folded text contains a street: in full, or its number with the adjacent word."""
    words = name_key(street).split()
    if len(words) < 2 or not any(word[0].isdigit() for word in words):
        return False
    number = next(at for at, word in enumerate(words) if word[0].isdigit())
    beside = (words[number : number + 2], words[max(number - 1, 0) : number + 1])
    return any(len(pair) == 2 and f" {' '.join(pair)} " in said for pair in beside)
