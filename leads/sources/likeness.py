"""How like a source or campaign the words of an address are, in hundredths: "gads_reroof_tpa" is like "Re-roof Tampa".

Each word that was said counts as much as it is long, and as it is found in the name: as it stands, as a part of it, as
its abbreviation ("tpa" of Tampa, "fb" of Facebook), or by the pairs of letters both have ("sprign"). Pure.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# Below it nothing is suggested: most of what was said is in no name then.
LEAST = 60
_WORDS = re.compile(r"[^\W\d_]{1,120}|\d{1,120}")
# Words that say nothing of a source or campaign.
_EMPTY = frozenset({"utm", "ads", "ad", "cpc", "ppc", "paid", "campaign", "the", "de", "en", "and", "of"})


class Named(NamedTuple):
    """What can be matched: its key in the form, its name, and the words of its source and its campaign."""

    key: str
    label: str
    source: str
    campaign: str


def likest(utm_source: str, utm_campaign: str, named: Iterable[Named]) -> tuple[Named, int] | None:
    """Return what the words are most like and how much, of 100; None below 60. Of equals the first."""
    best = max(
        ((likeness(utm_source, utm_campaign, each), each) for each in named), key=lambda pair: pair[0], default=None
    )
    return (best[1], best[0]) if best and best[0] >= LEAST else None


def likeness(utm_source: str, utm_campaign: str, named: Named) -> int:
    """Return how like they are, 0 to 99: what is the same needs no suggestion."""
    whole = f"{named.source} {named.campaign}"
    shares = [_share(utm_source, named.source)] if utm_source else []
    if utm_campaign:
        # A source alone says nothing of the campaign.
        shares.append(_share(utm_campaign, whole) if named.campaign else _share(utm_campaign, named.source) / 2)
        shares.append(shares[-1])
    found = sum(shares) / len(shares) if shares else 0.0
    if found * 100 < LEAST:
        return round(100 * found)
    # What of the name was not said counts a little against it.
    left_out = 1 - _share(named.campaign or named.source, f"{utm_source} {utm_campaign}")
    return min(99, round(100 * (found - left_out / 10)))


def _share(said: str, name: str) -> float:
    """Return how much of what was said is found in a name."""
    words, total = _telling(said)
    found = 0.0
    for word in words:
        found += len(word) * _found(word, name)
    return found / total if total else 0.0


@lru_cache(maxsize=4_000)
def _telling(text: str) -> tuple[list[str], int]:
    """Return the words of a text that say something, and how many letters they have."""
    words = _parts(text)[:-1]
    words = [word for word in words if word not in _EMPTY] or words
    return words, sum(map(len, words))


@lru_cache(maxsize=4_000)
def _parts(text: str) -> list[str]:
    """Return the words of a text, and all of them as one."""
    words = _WORDS.findall(text.casefold())
    return [*words, "".join(words)]


@lru_cache(maxsize=50_000)
def _found(word: str, name: str) -> float:
    parts = _parts(name)
    if len(word) > 3 and word in parts[-1]:
        return 1.0
    return max(_alike(word, part) for part in parts)


@lru_cache(maxsize=20_000)
def _alike(word: str, part: str) -> float:
    """Return how like two words are."""
    if word == part:
        return 1.0
    short, long = sorted((word, part), key=len)
    if len(short) > 1 and short[0] == long[0] and not short.isdigit() and _abbreviates(short, long):
        return 0.9 if len(short) > 2 else 0.8
    pairs, others = _pairs(word), _pairs(part)
    common = 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0
    return common if common > 0.5 else 0.0


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of a word stand in a longer one, in their order."""
    signs = iter(long)
    return all(sign in signs for sign in short)


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}
