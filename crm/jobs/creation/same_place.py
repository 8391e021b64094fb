"""Decide whether two addresses may be the same place: spelled differently, or one less complete. Pure.

What makes a place another one is never "less said": a unit, a letter or a second number behind the house number, a
wind, a floor. So "12 Oak Ave" is "12 Oak Avenue, Tampa", and is neither "12 Oak Ave Unit B" nor "12 N Oak Ave".

Rule: docs/rules.md#k18.
"""

from functools import lru_cache
from typing import NamedTuple

from crm.kernel.addresses import ADDITIONS, UNITS, WINDS
from crm.kernel.normalization import name_key, spell_out_umlauts
from crm.kernel.regions import region_code
from crm.kernel.street_words import street_words
from crm.people.models.property import address_key


class JobPlace(NamedTuple):
    """Where a job is done, as written; "" if unknown."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""

    @property
    def key(self) -> str:
        """Key that is equal for different spellings of one address; "" without a street."""
        if self.street:
            return address_key(*self[:3])
        return ""


NOWHERE = JobPlace()

# "Apt 4", "Unit 4" and "#4" are one: what stands behind the word tells the place.
_UNIT_WORDS = frozenset(
    "apt apartment app appt appartement unit suite ste flat no nr nummer number bus bte box postbus whg wohnung lok "
    "lokal mieszkanie".split()
)
# What a number or letter behind it is of: "Bât. A" may stand before the street or behind it.
_DESIGNATORS = frozenset({"bldg", "blk", "lot", "plot"})
# Written or not, it is the same street.
_SPARE = frozenset("ul ulica calle".split())
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
def places_agree(one: JobPlace, other: JobPlace) -> bool:
    """Return True if two addresses may be the same place. An empty one agrees with every other."""
    if one == other:
        return True
    if one.street and other.street and not _streets_agree(one, other):
        accented = not (one.street + other.street).isascii()
        # "Bänschstr." is "Baenschstrasse".
        if not accented or not _streets_agree(_spelled_out(one), _spelled_out(other)):
            return False
    if one.postcode and other.postcode:
        first, second = sorted((_postcode_key(one.postcode), _postcode_key(other.postcode)), key=len)
        return second.startswith(first)
    state = region_code(one.region)
    other_state = region_code(other.region)
    if state and other_state and state != other_state:
        return False
    return _towns_agree(one.city, other.city) or _towns_agree(
        spell_out_umlauts(one.city), spell_out_umlauts(other.city)
    )


def _towns_agree(one: str, other: str) -> bool:
    words = set(street_words(one))
    there = set(street_words(other))
    return not words or not there or words <= there or there <= words


def _spelled_out(place: JobPlace) -> JobPlace:
    return JobPlace(*map(spell_out_umlauts, place))


def _postcode_key(postcode: str) -> str:
    return name_key(postcode).replace(" ", "")


def _streets_agree(one: JobPlace, other: JobPlace) -> bool:
    return _words_agree(one, other) or _units_agree(one, other)


def _units_agree(one: JobPlace, other: JobPlace) -> bool:
    """Return True if both name the same unit of one house, before or after the street: "Flat 3, 9 Elm Rd"."""
    (units, street), (others, other_street) = _split_units(one.street), _split_units(other.street)
    if not units and not others:
        return False
    if units == others:
        return _words_agree(one._replace(street=street), other._replace(street=other_street))
    # "1204-122 Gerrard St".
    numbered = f"{' '.join(units)} {street}", f"{' '.join(others)} {other_street}"
    return (len(units) == 1 and _street_key(numbered[0]) == _street_key(other.street)) or (
        len(others) == 1 and _street_key(numbered[1]) == _street_key(one.street)
    )


@lru_cache(maxsize=16_384)
def _split_units(street: str) -> tuple[tuple[str, ...], str]:
    """Split off the units, buildings and lots that a street names by a word, at any position."""
    words = street_words(street)
    units = []
    rest = []
    while words:
        word, *words = words
        length = 0
        if word in _UNIT_WORDS | _DESIGNATORS:
            length = _length_of_unit(words)
        if length:
            units.append("".join([word if word in _DESIGNATORS else "", *words[:length]]))
        else:
            rest.append(word)
        words = words[length:]
    return tuple(sorted(units)), " ".join(rest)


def _length_of_unit(words: list[str]) -> int:
    """Count the words after "Apt" that identify the unit: a number, a letter, or a number and its letter."""
    is_number, is_letter = ([test(word) for word in words[:2]] for test in (str.isdecimal, _is_letter))
    if is_number[:1] == [True]:
        if is_letter[1:] == [True]:
            return 2
        return 1
    return int(is_letter[:1] == [True])


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _words_agree(one: JobPlace, other: JobPlace) -> bool:
    short, long = sorted((_street_key(one.street), _street_key(other.street)), key=len)
    if short == long or (sorted(short) == sorted(long) and sum(map(str.isdecimal, long)) <= 1):
        return True
    # What follows may be the town: a cell had the whole address.
    towns = frozenset(street_words(f"{one.city} {one.postcode} {other.city} {other.postcode}"))
    if long[: len(short)] == short:
        return all(word in towns or _says_nothing(word) for word in long[len(short) :])
    # The name of a building before the number; before the name of a street it would be another street.
    return short[:1] != [] and short[0].isdecimal() and long[-len(short) :] == short and _is_a_name(long[: -len(short)])


def _is_a_name(words: list[str]) -> bool:
    return all(_says_nothing(word) and not word.isdecimal() for word in words)


def _says_nothing(word: str) -> bool:
    """Return True if an additional word does not make it a different place."""
    if word[0].isdigit():
        return word.isdecimal() and len(word) >= _POSTCODE
    return len(word) > 1 and word not in _MARKS


def _street_key(text: str) -> list[str]:
    return [word for word in street_words(text) if word not in _UNIT_WORDS | _SPARE]
