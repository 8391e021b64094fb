"""Words cut short, as people type them, and the words they may be: "woonpl.", "achternm", "strt"."""

from collections.abc import Iterable
from functools import lru_cache

from leads.importing.mapping.words.meanings import meanings

# A word cut short has so many letters, with a full stop behind it and without; only a shorter one lacks its vowels.
_CUT_SHORT, _CUT_UNMARKED, _WITHOUT_VOWELS, _SHORTEST_CUT = 3, 4, 6, 2
# What is cut short without a full stop: how a customer is called, reached and found; other words would be chance.
_OFTEN_CUT = frozenset(
    "party middle home work site email phone mobile no street line unit house houseno zip city state country name "
    "first firstname last lastname company other".split()
)
_MOST_READINGS = 3
# Of shorter words one letter makes another: "land", "lane".
_SHORTEST_MISSPELT = 4
_LONGEST_SQUEEZED = 10
_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=128)
def _beginning_with(letter: str) -> dict[str, frozenset[str]]:
    """Return the words that begin alike: whatever one is cut short of, or misspelt for, begins as it does."""
    return {word: each for word, each in meanings().items() if word.startswith(letter)}


@lru_cache(maxsize=4096)
def written_out(word: str, *, is_marked: bool) -> tuple[str, ...]:
    """List words one may be cut short of, the likeliest first: "fam", "gem", "postc" before a full stop, "mgr", "strt".

    One for each meaning they have; the meaning of most of them goes first, and of its words the shortest. Where it is
    cut too short to tell ("pl.", "wpl."), it comes first itself, and these are guesses for the cells to agree to.
    """
    if not _SHORTEST_CUT <= len(word) <= 12 or not word.isalpha() or (len(word) < _CUT_SHORT and not is_marked):
        return ()
    known = _beginning_with(word[0])
    long_enough = is_marked or len(word) >= _CUT_UNMARKED
    found = [full for full in known if long_enough and len(full) > len(word) and full.startswith(word)]
    if not is_marked or not found:
        is_bare = len(word) <= _WITHOUT_VOWELS and not _VOWELS & set(word[1:])
        found += [full for full in known if is_bare and len(word) >= _CUT_SHORT and _lacks_vowels(word, full)]
    if not is_marked and not found:
        # "achternm", "telf"; of three letters, "wpl", the cells tell.
        often = [full for full in known if known[full] & _OFTEN_CUT and _is_abridged(full, word)]
        if len(word) >= _CUT_UNMARKED:
            squeezed = _likeliest(full for full in often if _is_squeezed(full, word))
            return squeezed or _misspelt(word)
        return (word, *_likeliest(often)) if len(word) == _CUT_SHORT else ()
    if is_marked and (len(word) < _CUT_SHORT or not found):
        fits = str.startswith if len(word) < _CUT_SHORT else _is_abridged
        return (word, *_likeliest(full for full in known if known[full] & _OFTEN_CUT and fits(full, word)))
    return _likeliest(full for full in found if is_marked or known[full] & _OFTEN_CUT)


def _likeliest(words: Iterable[str]) -> tuple[str, ...]:
    by_meaning: dict[frozenset[str], list[str]] = {}
    for full in words:
        by_meaning.setdefault(meanings()[full], []).append(full)
    likeliest = sorted(by_meaning.values(), key=lambda words: (-len(words), min(map(len, words))))
    return tuple(min(words, key=len) for words in likeliest[:_MOST_READINGS])


def _misspelt(word: str) -> tuple[str, ...]:
    """List the word itself, and those that differ from it by a letter or by two that changed places: "nmae"."""
    known = _beginning_with(word[0])
    near = [full for full in known if known[full] & _OFTEN_CUT and _is_near(full, word)]
    return (word, *_likeliest(near)) if near else ()


def _is_near(full: str, word: str) -> bool:
    """Whether they begin alike, and one letter is missing, too many, another, or changed places with the next."""
    if full[0] != word[0] or len(full) < _SHORTEST_MISSPELT or abs(len(full) - len(word)) > 1:
        return False
    at = next((at for at, (one, two) in enumerate(zip(full, word, strict=False)) if one != two), len(full))
    rest, typed = full[at:], word[at:]
    if len(full) != len(word):
        return rest[1:] == typed or rest == typed[1:]
    is_turned = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == typed
    return is_turned or (len(full) > _SHORTEST_MISSPELT and rest[1:] == typed[1:])


def _is_abridged(full: str, word: str) -> bool:
    """Whether a word's letters stand in another in their order, from its first on: "wpl" in "woonplaats"."""
    letters = iter(full)
    return full[0] == word[0] and all(letter in letters for letter in word)


def _lacks_vowels(word: str, full: str) -> bool:
    """Whether a word is another's consonants, or all of them but one; of a vowel at its start none is missing."""
    bare = full[0] + "".join(letter for letter in full[1:] if letter not in _VOWELS)
    if word == bare or word[0] in _VOWELS or len(bare) != len(word) + 1:
        return word == bare
    return any(bare[:at] + bare[at + 1 :] == word for at in range(1, len(bare) - 1))


def _is_squeezed(full: str, word: str) -> bool:
    """Whether a word goes on without another's vowels behind their common start: "achternm", "telf"."""
    if not len(word) + 1 < len(full) or len(word) > _LONGEST_SQUEEZED or word[-1] in _VOWELS:
        return False
    bare, wanted = ([letter for letter in each[_CUT_SHORT:] if letter not in _VOWELS] for each in (full, word))
    return full[:_CUT_SHORT] == word[:_CUT_SHORT] and bare[: len(wanted)] == wanted
