"""Similarity of UTM words to a source or campaign, in percent: "gads_reroof_tpa" is like "Re-roof Tampa".

Each word that was said counts as much as it is long, and as it is found in the name: as it stands, as a part of it, as
its abbreviation ("tpa" of Tampa, "fb" of Facebook), or by the pairs of letters both have ("sprign"). Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest
from typing import NamedTuple

# Below it nothing is suggested: most of what was said is in no name then.
LEAST = 60
_WORDS = re.compile(r"[^\W\d_]{1,120}|\d{1,120}")
# Words that say nothing of a source or campaign.
_EMPTY = frozenset({"utm", "ads", "ad", "cpc", "ppc", "paid", "campaign", "the", "de", "en", "and", "of"})


class NamedSource(NamedTuple):
    """A candidate: its key in the form, its name, and the words of its source and its campaign."""

    key: str
    label: str
    source: str
    campaign: str


class Names:
    """The candidates, indexed for many look-ups: each text is compared only with the names that share most letters.

    A name is found by each two letters that follow each other, and by its words' first letter with each later one, as
    abbreviations have them ("tpa" of Tampa). What few names have tells most, and so much is looked at, not more.
    """

    # Names that words are held against in full, and entries of the index that are read to choose them.
    NEAREST = 30
    READ = 2_000

    def __init__(self, named: Iterable[NamedSource]) -> None:
        self.named = list(named)
        self._having: dict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(self.named):
            for key in _letter_pairs_of(each.source) | _letter_pairs_of(each.campaign):
                self._having[key].append(at)

    def likest(self, utm_source: str, utm_campaign: str) -> tuple[NamedSource, int] | None:
        """Return the most similar candidate and its similarity in percent; None below 60. Of equals the first."""
        best = max(
            ((likeness(utm_source, utm_campaign, each), each) for each in self._nearest(utm_source, utm_campaign)),
            key=lambda pair: pair[0],
            default=None,
        )
        if best and best[0] >= LEAST:
            return (best[1], best[0])
        return None

    def _nearest(self, utm_source: str, utm_campaign: str) -> list[NamedSource]:
        """Return the candidates that share most letter pairs with the words, in the order given."""
        if len(self.named) <= self.NEAREST:
            return self.named
        pairs = _letter_pairs_of(utm_source) | _letter_pairs_of(utm_campaign)
        lists = sorted(
            (self._having[key] for key in pairs if key in self._having), key=lambda found: (len(found), found)
        )
        points: dict[int, float] = defaultdict(float)
        left = self.READ
        for found in lists:
            for at in found[:left]:
                points[at] += 1 / len(found)
            left -= len(found)
            if left <= 0:
                break
        return [self.named[at] for at in sorted(nlargest(self.NEAREST, points, key=lambda at: (points[at], -at)))]


def _letter_pairs_of(text: str) -> set[str]:
    """Return the letter pairs a text is indexed by."""
    pairs = _letter_pairs(_words_and_whole(text)[-1])
    for word in _words_and_whole(text)[:-1]:
        pairs |= _letter_pairs(word) | {f"{word[0]}~{sign}" for sign in word[1:]}
    return pairs


def likeness(utm_source: str, utm_campaign: str, named: NamedSource) -> int:
    """Return the similarity, 0 to 99: identical words need no suggestion."""
    whole = f"{named.source} {named.campaign}"
    shares = []
    if utm_source:
        shares = [_share_found(utm_source, named.source)]
    if utm_campaign:
        # A source alone says nothing of the campaign.
        shares.append(
            _share_found(utm_campaign, whole) if named.campaign else _share_found(utm_campaign, named.source) / 2
        )
        shares.append(shares[-1])
    similarity = 0.0
    if shares:
        similarity = sum(shares) / len(shares)
    if similarity * 100 < LEAST:
        return round(100 * similarity)
    # What of the name was not said counts a little against it.
    left_out = 1 - _share_found(named.campaign or named.source, f"{utm_source} {utm_campaign}")
    return min(99, round(100 * (similarity - left_out / 10)))


def _share_found(said: str, name: str) -> float:
    """Return the share of the words that is found in a name."""
    words, total = _significant_words(said)
    letters_found = 0.0
    for word in words:
        letters_found += len(word) * _word_likeness(word, name)
    if total:
        return letters_found / total
    return 0.0


@lru_cache(maxsize=4_000)
def _significant_words(text: str) -> tuple[list[str], int]:
    """Return the significant words of a text, and their number of letters."""
    words = _words_and_whole(text)[:-1]
    words = [word for word in words if word not in _EMPTY] or words
    return words, sum(map(len, words))


@lru_cache(maxsize=4_000)
def _words_and_whole(text: str) -> list[str]:
    """Return the words of a text, and all of them joined."""
    words = _WORDS.findall(text.casefold())
    return [*words, "".join(words)]


@lru_cache(maxsize=50_000)
def _word_likeness(word: str, name: str) -> float:
    parts = _words_and_whole(name)
    if len(word) > 3 and word in parts[-1]:
        return 1.0
    return max(_part_likeness(word, part) for part in parts)


@lru_cache(maxsize=20_000)
def _part_likeness(word: str, part: str) -> float:
    """Return the similarity of two words."""
    if word == part:
        return 1.0
    short, long = sorted((word, part), key=len)
    if len(short) > 1 and short[0] == long[0] and not short.isdigit() and _abbreviates(short, long):
        if len(short) > 2:
            return 0.9
        return 0.8
    pairs = _letter_pairs(word)
    others = _letter_pairs(part)
    common = 0.0
    if pairs and others:
        common = 2 * len(pairs & others) / (len(pairs) + len(others))
    if common > 0.5:
        return common
    return 0.0


def _abbreviates(short: str, long: str) -> bool:
    """True if the letters of a word occur in a longer one in the same order."""
    signs = iter(long)
    return all(sign in signs for sign in short)


def _letter_pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}
