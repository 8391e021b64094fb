"""Which of a person's properties a message names: "the gutter at 2207 Bayshore" is about Bayshore Ct.

Rule: docs/rules.md#text-messages.
"""

from collections.abc import Iterable

from crm.kernel.normalization import name_key
from crm.people.models import Property

_READ = 5_000


def named_property(text: str, properties: Iterable[Property], *, besides: int | None) -> Property | None:
    """Return the one property a text names that is not the one it is about; None where it names that, or several."""
    words = f" {name_key(text[:_READ])} "
    named = [each for each in properties if _names_street(words, each.street)]
    if any(each.pk == besides for each in named) or len(named) != 1:
        return None
    return named[0]


def _names_street(said: str, street: str) -> bool:
    """True if a folded text names a street: whole, or by its number and the word beside it."""
    words = name_key(street).split()
    if len(words) < 2 or not any(word[0].isdigit() for word in words):
        return False
    number = next(at for at, word in enumerate(words) if word[0].isdigit())
    beside = (words[number : number + 2], words[max(number - 1, 0) : number + 1])
    return any(len(pair) == 2 and f" {' '.join(pair)} " in said for pair in beside)
