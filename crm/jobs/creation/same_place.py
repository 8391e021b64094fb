"""Decide whether two addresses may be one place of work: spelled in two ways, or one of them saying less (K18). Pure.

What makes a place another one is never "less said": a unit, a letter or a second number behind the house number, a
wind, a floor. So "12 Oak Ave" is "12 Oak Avenue, Tampa", and is neither "12 Oak Ave Unit B" nor "12 N Oak Ave".
"""

import re
from functools import lru_cache
from typing import NamedTuple

from crm.kernel.addresses import ADDITIONS, UNITS, WINDS
from crm.kernel.normalization import name_key, spelled_out
from crm.kernel.regions import region_code
from crm.people.models.property import address_key


class Place(NamedTuple):
    """Where a job is done, as it was written; "" for what is not said."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""

    @property
    def key(self) -> str:
        """Key that is equal for different spellings of one address; "" without a street."""
        return address_key(*self[:3]) if self.street else ""


NOWHERE = Place()

# "5th" is the name of a street; "5a" is a number and a letter.
# A fraction is a word of its own: "12½" is 12 and a half; so is what stands behind "3º", and "#" is a unit.
_APART = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])|[ºª°]|#|\b[Cc]/")
_WORD = re.compile(r"\d+(?:st|nd|rd|th)(?![^\W\d])|\d+|[^\W\d]+")
_ABBREVIATED = {
    "avenue": "ave",
    "av": "ave",
    "street": "st",
    "saint": "st",
    "sint": "st",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "boulevard": "blvd",
    "bd": "blvd",
    "circle": "cir",
    "terrace": "ter",
    "highway": "hwy",
    "parkway": "pkwy",
    "square": "sq",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "trail": "trl",
    "cove": "cv",
    "point": "pt",
    "crossing": "xing",
    "heights": "hts",
    "springs": "spgs",
    "fort": "ft",
    "mount": "mt",
    "building": "bldg",
    "batiment": "bldg",
    "bat": "bldg",
    "gebaude": "bldg",
    "gebouw": "bldg",
    "block": "blk",
    "blok": "blk",
    "huis": "hs",
    "boite": "bte",
    "hinterhaus": "hh",
    "vorderhaus": "vh",
}
_STREET_ENDINGS = ("strasse", "straat")
# "Apt 4", "Unit 4" and "#4" are one: what stands behind the word tells the place.
_UNIT_WORDS = frozenset(
    "apt apartment app appt appartement unit suite ste flat no nr nummer number bus bte box postbus whg wohnung lok "
    "lokal mieszkanie".split()
)
# What a number or letter behind it is of: "Bât. A" may stand before the street or behind it.
_DESIGNATORS = frozenset({"bldg", "blk", "lot", "plot"})
# Written or not, it is the same street.
_SPARE = frozenset("ul ulica calle".split())
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ABBREVIATED |= {
    word: f"{at}{'st' if at == 1 else 'nd' if at == 2 else 'rd' if at == 3 else 'th'}"
    for at, word in enumerate(_ORDINALS, 1)
}
_PARTS = frozenset(
    "rear front back upper lower up down basement bsmt attic garage left right middle mid annex phase tower block gate "
    "boven beneden achter achterhuis voor voorhuis zolder souterrain kelder loods hal "
    "hinten vorne keller erdgeschoss obergeschoss dachgeschoss gauche droite rdc fond cour "
    "bajo atico sotano entresuelo izquierda derecha".split()
)
_ROMAN = frozenset("ii iii iv vi vii viii ix xi xii".split())
# "ter" is a terrace, "fl" Florida: a floor has a number besides.
_MARKS = (ADDITIONS | UNITS | WINDS | _PARTS | _ROMAN) - {"ter", "fl"}
# A number that long, at the end of a street, is a postcode.
_POSTCODE = 5


@lru_cache(maxsize=16_384)
def places_agree(one: Place, other: Place) -> bool:
    """Whether two addresses may be one place. Nothing said agrees with everything."""
    if one == other:
        return True
    if one.street and other.street and not _streets_agree(one, other):
        accented = not (one.street + other.street).isascii()
        # "Bänschstr." is "Baenschstrasse".
        if not accented or not _streets_agree(_spelled_out(one), _spelled_out(other)):
            return False
    if one.postcode and other.postcode:
        first, second = sorted((_code(one.postcode), _code(other.postcode)), key=len)
        return second.startswith(first)
    state, other_state = region_code(one.region), region_code(other.region)
    if state and other_state and state != other_state:
        return False
    return _towns_agree(one.city, other.city) or _towns_agree(spelled_out(one.city), spelled_out(other.city))


def _towns_agree(one: str, other: str) -> bool:
    here, there = set(_words(one)), set(_words(other))
    return not here or not there or here <= there or there <= here


def _spelled_out(place: Place) -> Place:
    return Place(*map(spelled_out, place))


def _code(postcode: str) -> str:
    return name_key(postcode).replace(" ", "")


def _streets_agree(one: Place, other: Place) -> bool:
    return _words_agree(one, other) or _units_agree(one, other)


def _units_agree(one: Place, other: Place) -> bool:
    """Whether the same unit of one house is named before its street or behind it: "Flat 3, 9 Elm Rd"."""
    (units, street), (others, other_street) = _parted(one.street), _parted(other.street)
    if not units and not others:
        return False
    if units == others:
        return _words_agree(one._replace(street=street), other._replace(street=other_street))
    # "1204-122 Gerrard St".
    numbered = f"{' '.join(units)} {street}", f"{' '.join(others)} {other_street}"
    return (len(units) == 1 and _street(numbered[0]) == _street(other.street)) or (
        len(others) == 1 and _street(numbered[1]) == _street(one.street)
    )


@lru_cache(maxsize=16_384)
def _parted(street: str) -> tuple[tuple[str, ...], str]:
    """Split off the units, floors and lots that a street names by a word, wherever they stand."""
    words, units, rest = _words(street), [], []
    at = 0
    while at < len(words):
        word, behind = words[at], words[at + 1 : at + 3]
        if word in _UNIT_WORDS | _DESIGNATORS and behind and (behind[0].isdecimal() or len(behind[0]) == 1):
            # "3 A" is one.
            count = (
                2 if len(behind) > 1 and behind[0].isdecimal() and len(behind[1]) == 1 and behind[1].isalpha() else 1
            )
            units.append("".join([word if word in _DESIGNATORS else "", *behind[:count]]))
            at += count
        else:
            rest.append(word)
        at += 1
    return tuple(sorted(units)), " ".join(rest)


def _words_agree(one: Place, other: Place) -> bool:
    short, long = sorted((_street(one.street), _street(other.street)), key=len)
    if short == long or (sorted(short) == sorted(long) and sum(map(str.isdecimal, long)) <= 1):
        return True
    # What follows may be the town: a cell had the whole address.
    towns = frozenset(_words(f"{one.city} {one.postcode} {other.city} {other.postcode}"))
    if long[: len(short)] == short:
        return all(word in towns or _says_nothing(word) for word in long[len(short) :])
    # The name of a building before the number; before the name of a street it would be another street.
    return short[:1] != [] and short[0].isdecimal() and long[-len(short) :] == short and _is_a_name(long[: -len(short)])


def _is_a_name(words: list[str]) -> bool:
    return all(_says_nothing(word) and not word.isdecimal() for word in words)


def _says_nothing(word: str) -> bool:
    """Whether a word more does not make it another place."""
    if word[0].isdigit():
        return word.isdecimal() and len(word) >= _POSTCODE
    return len(word) > 1 and word not in _MARKS


def _street(text: str) -> list[str]:
    return [word for word in _words(text) if word not in _UNIT_WORDS | _SPARE]


def _words(text: str) -> list[str]:
    return [_short(word) for word in _WORD.findall(name_key(_APART.sub(_apart, text)))]


def _apart(found: re.Match[str]) -> str:
    return {"#": " apt ", "c/": " calle "}.get(found[0].lower(), " ")


def _short(word: str) -> str:
    for ending in _STREET_ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + "str"
    return _ABBREVIATED.get(word, word)
