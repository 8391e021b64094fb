"""Compare names: could two be the same person's, and how many people are meant by several. No queries."""

from collections.abc import Iterable
from functools import lru_cache

from crm.kernel.normalization import name_key, spell_out_umlauts

# What somebody is addressed by, and their degrees: no part of the name.
_OF_MEN = frozenset("mr herr dhr heer monsieur senor don sir sig".split())
_OF_WOMEN = frozenset(
    "mrs ms miss madam frau mevr mevrouw mw mme mlle madame mademoiselle sra srta senora dona".split()
)
_OF_FRENCH_WOMEN = frozenset("mme mlle madame mademoiselle".split())
_TITLES = (
    frozenset("mx dr prof professor rev capt sgt hon md phd dds cpa esq rn dipl ing mag drs dott".split())
    | _OF_MEN
    | _OF_WOMEN
)
# Of "Sr" in front, for behind the name it is the father.
_TITLES_IN_FRONT = frozenset({"sr", "sres", "lic", "arq"})
# Behind a name: the child of whom the name alone means.
_CHILD = frozenset("jr junior ii iii".split())


@lru_cache(maxsize=16_384)
def names_agree(one: str, other: str) -> bool:
    """True if two names may be one person's: "J. Jansen" and "Jan Jansen", but neither Marie nor Joke Jansen.

    Every word of the shorter name is a word of the longer, or its initial; "Müller" is "Mueller". "Jim Cobb Jr." is not
    Jim Cobb. No name agrees with any.
    """
    if one == other:
        return True
    if _is_man_and_woman(one, other) or _is_man_and_woman(other, one) or _are_parent_and_child(one, other):
        return False
    return _words_agree(_name_words(one), _name_words(other)) or (
        not (one + other).isascii()
        and _words_agree(_name_words(spell_out_umlauts(one)), _name_words(spell_out_umlauts(other)))
    )


def _words_agree(one: list[str], other: list[str]) -> bool:
    fewer, more = sorted((one, other), key=len)
    # "渡辺 美咲", "渡辺美咲".
    if not fewer or fewer == more or "".join(fewer) == "".join(more):
        return True
    left, whole = list(more), 0
    for word in sorted(fewer, key=len, reverse=True):
        match = word if word in left else next((each for each in left if _is_initial(word, each)), None)
        if match is None:
            return False
        left.remove(match)
        whole += match == word and len(word) > 1
    return whole > 0


def _is_man_and_woman(one: str, other: str) -> bool:
    """True if one name has only male and the other a female form of address: "Mr Smith", "Mrs Smith"."""
    words = set(name_key(one).split())
    there = set(name_key(other).split())
    if one.startswith("M. ") and there & _OF_FRENCH_WOMEN:
        return True
    return bool(words & _OF_MEN) and bool(there & _OF_WOMEN) and not words & _OF_WOMEN and not there & _OF_MEN


def _are_parent_and_child(one: str, other: str) -> bool:
    """True if only one of two full names has a generation suffix: "Jim Cobb", "Jim Cobb Jr."."""
    words = name_key(one).split()
    there = name_key(other).split()
    return min(len(words), len(there)) > 1 and _CHILD.isdisjoint(words[1:]) != _CHILD.isdisjoint(there[1:])


def _name_words(name: str) -> list[str]:
    """Split a name into its words. An address or number used as a name has none."""
    if "@" in name or not any(map(str.isalpha, name)):
        return []
    words = name_key(name).split()
    bare = [word for word in words if word not in _TITLES]
    return (bare[1:] if len(bare) > 1 and bare[0] in _TITLES_IN_FRONT else bare) or words


def is_name(name: str) -> bool:
    """True if the text is a person's name, not an address or number that stands for an unknown name."""
    return bool(_name_words(name))


def is_title(word: str) -> bool:
    """True if a lower-case word without a full stop is a form of address: "mr", "dr", "frau"."""
    return word in _TITLES or word in _TITLES_IN_FRONT


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and (len(one) == 1 or len(other) == 1)


def different_names(names: Iterable[str]) -> list[str]:
    """Return one name per different person, using the longest of names that agree."""
    different: list[str] = []
    for name in sorted(set(filter(_name_words, names)), key=lambda name: (-len(name), name)):
        if not any(names_agree(name, each) for each in different):
            different.append(name)
    return different
