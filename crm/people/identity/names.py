"""Tell whether two names may be one person's, and count the different people among several names. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from crm.kernel.normalization import name_key, spelled_out


@lru_cache(maxsize=16_384)
def names_agree(one: str, other: str) -> bool:
    """Whether two names may be one person's: "J. Jansen" and "Jan Jansen", but neither Marie nor Joke Jansen.

    Every word of the shorter name is a word of the longer, or its initial; "Müller" is "Mueller". No name agrees with
    any.
    """
    return _agree(_words(one), _words(other)) or (
        not (one + other).isascii() and _agree(_words(spelled_out(one)), _words(spelled_out(other)))
    )


def _agree(one: list[str], other: list[str]) -> bool:
    fewer, more = sorted((one, other), key=len)
    if not fewer or fewer == more:
        return True
    left, whole = list(more), 0
    for word in sorted(fewer, key=len, reverse=True):
        match = word if word in left else next((each for each in left if _is_initial(word, each)), None)
        if match is None:
            return False
        left.remove(match)
        whole += match == word and len(word) > 1
    return whole > 0


def _words(name: str) -> list[str]:
    """Split a name into its words. A customer called by an address or number has no name."""
    return [] if "@" in name or not any(map(str.isalpha, name)) else name_key(name).split()


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and (len(one) == 1 or len(other) == 1)


def different_names(names: Iterable[str]) -> list[str]:
    """Return one name of each person who must be meant: of those that agree the longest."""
    found: list[str] = []
    for name in sorted(set(filter(_words, names)), key=lambda name: (-len(name), name)):
        if not any(names_agree(name, each) for each in found):
            found.append(name)
    return found
