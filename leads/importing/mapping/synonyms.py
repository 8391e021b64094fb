"""Meanings of column headings: a synonym table per language (synonyms/*.toml), and a rule for compound words.

A heading is looked up as a whole ("Postcode", "E-mailadres"). Else its words are: "customer email" and "billing city"
are the email and the city, for the other words say whose or which. A word nobody knows makes it a guess to be asked.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crm.jobs.importing.headings import NUMBER_SIGN, key_of
from crm.kernel.normalization import name_key
from leads.importing.mapping.headings import MANY, PLACE, Field

# The language whose meaning of a word counts where a file does not tell, first to last.
LANGUAGES = ("en", "nl", "de", "fr", "es", "pt", "it", "pl", "others")
_TABLES = Path(__file__).parent / "synonyms"
# A longer heading is a sentence; so many words of one are looked up together.
_LONGEST = 120
_MOST_WORDS = 14
_TOGETHER = 6
# "phoneNumber", "POCity"; an iPhone is one word.
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})|(?<=[^\W\d])(?=\d)")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
# What German and Dutch put between the words they join, and the shortest word they join.
_JOINTS = ("", "s", "n", "en", "es")
_SHORTEST_JOINED = 4
# Of the parts of an address or name that one heading has, the one that it is: "Address (City)", "Company phone".
_MOST_TELLING = (
    Field.EMAIL, Field.MOBILE, Field.PHONE, Field.CITY, Field.POSTCODE, Field.STATE, Field.COUNTRY, Field.STREET_2,
    Field.STREET, Field.HOUSE_NUMBER, Field.FIRST_NAME, Field.INFIX, Field.LAST_NAME, Field.COMPANY, Field.NAME,
)  # fmt: skip
# Of these a heading of several words is told only as a whole.
_WHOLE_ONLY = frozenset(
    {Field.EXTERNAL_ID, Field.TITLE, Field.BRAND, Field.INSURER, Field.CLAIM_NUMBER, Field.LANGUAGE}
)
# A part of a name at the end of a heading alone: "Customer last", and not "Last job".
_ORDINALS = frozenset({"first", "last", "middle"})


@dataclass(frozen=True, slots=True)
class HeadingMeaning:
    """The field a heading means, or None, and whether that is certain."""

    field: Field | None = None
    is_sure: bool = True
    # No column of the customer's: the adjuster's phone, a type, a day somebody changed it.
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class _Tables:
    """The synonym tables of all languages. `headings`: by key, the fields and the languages that use it for them."""

    headings: Mapping[str, Mapping[Field, frozenset[str]]]
    # The words that say whose or which, by word: "whose", "site", "home", "work", "goods", "mail", "another", …
    words: Mapping[str, str]
    foreign: frozenset[str]


@lru_cache(maxsize=1)
def _load_tables() -> _Tables:
    headings: dict[str, dict[Field, set[str]]] = {}
    words: dict[str, str] = {}
    foreign: set[str] = set()
    for language in LANGUAGES:
        table = tomllib.loads((_TABLES / f"{language}.toml").read_text())
        kinds = {kind: [name_key(word) for word in text.split()] for kind, text in table.get("words", {}).items()}
        foreign.update(kinds.pop("else", ()))
        for kind, those in kinds.items():
            for word in those:
                words.setdefault(word, kind)
        for name, text in table["headings"].items():
            for key in _heading_spellings(Field(name), text, kinds.get("number", ())):
                headings.setdefault(key, {}).setdefault(Field(name), set()).add(language)
    by_language = {key: {name: frozenset(named) for name, named in fields.items()} for key, fields in headings.items()}
    return _Tables(by_language, words, frozenset(foreign) - words.keys())


def _heading_spellings(name: Field, text: str, numbers: Iterable[str]) -> Iterator[str]:
    """Iterate over the keys of comma-separated headings; a phone's key may have a word for "number" after it."""
    for heading in text.split(","):
        key = key_of(heading)
        yield key
        if name in (Field.PHONE, Field.MOBILE):
            yield from (key + number for number in numbers)


def languages_of(headings: Sequence[str]) -> tuple[str, ...]:
    """List the languages by how many of the headings are in them, the likeliest first."""
    counts = Counter(
        language
        for heading in headings
        for language in frozenset().union(*_load_tables().headings.get(key_of(heading[:_LONGEST]), {}).values())
    )
    return tuple(sorted(LANGUAGES, key=lambda language: (-counts[language], LANGUAGES.index(language))))


def named_field(heading: str) -> Field | None:
    """Return the field of a heading that is in the tables as a whole, or None."""
    return _whole_heading(key_of(heading[:_LONGEST]), LANGUAGES)


def is_number(heading: str) -> bool:
    """True if a heading only means "number": "#", "Nr."."""
    return all(word.isdecimal() or _load_tables().words.get(word) == "number" for word in words_of(heading))


@lru_cache(maxsize=4096)
def field_of(heading: str, languages: tuple[str, ...] = LANGUAGES) -> Field | None:
    """Return the field of a heading that is certain, or None."""
    meaning = meaning_of(heading, languages)
    if meaning.is_sure:
        return meaning.field
    return None


@lru_cache(maxsize=4096)
def meaning_of(heading: str, languages: tuple[str, ...] = LANGUAGES) -> HeadingMeaning:
    """Return the meaning of a heading; of an ambiguous word the one in the file's language."""
    heading = heading[:_LONGEST]
    if field_ := _whole_heading(key_of(heading), languages):
        return HeadingMeaning(field_)
    outside = _BRACKETS.sub(" ", heading)
    within = _BRACKETS.search(heading)
    if within and key_of(outside):
        # "Bedrag (excl. btw)"; but "Phone (mobile)", "Address (City)", "Phone (spouse)" say more inside.
        inner = meaning_of(within[1], languages)
        outer = meaning_of(outside, languages)
        if outer.field and not inner.is_foreign and inner.field is None:
            return outer
    return _compound_meaning(words_of(heading), languages)


def _whole_heading(key: str, languages: Sequence[str]) -> Field | None:
    """Return the field of a key, also with a plural s or an index: "Emails", "E-mail 2"."""
    is_other = key in _load_tables().foreign or _load_tables().words.get(key) == "kind"
    if is_other:
        singular = key
    else:
        singular = key.removesuffix("s")
    for shorter in (key, singular, key.rstrip("0123456789")):
        if fields := _load_tables().headings.get(shorter):
            best = min(fields, key=lambda name: min(languages.index(language) for language in fields[name]))
            if shorter in (key, singular) or best in MANY or key.endswith("1"):
                return best
    return None


@lru_cache(maxsize=8192)
def words_of(heading: str) -> tuple[str, ...]:
    """List the words of a heading; German and Dutch compounds are split."""
    text = name_key(_CAMEL.sub(" ", NUMBER_SIGN.sub(" no ", heading[:_LONGEST])))
    return tuple(part for word in text.split()[: _MOST_WORDS + 1] for part in _split_compound(word))


def _split_compound(word: str, *, is_whole: bool = True) -> tuple[str, ...]:
    """Split "Kundentelefon" into person and field. `is_whole`: a heading stays whole, "Werkadres"."""
    tables = _load_tables()
    if word in tables.words or word in tables.foreign or (is_whole and word in tables.headings):
        return (word,)
    for end in range(len(word) - 3, _SHORTEST_JOINED - 1, -1):
        first = word[:end]
        for joint in _JOINTS if tables.words.get(first, "small") not in ("small", "number", "kind") else ():
            if word[end:].startswith(joint) and word[end + len(joint) :] in tables.headings:
                return first, word[end + len(joint) :]
    return (word,)


@dataclass(frozen=True, slots=True)
class _Segments:
    """The parts of a heading that are headings themselves, with their words, and the words between them."""

    fields: tuple[tuple[Field, tuple[str, ...]], ...]
    rest: tuple[str, ...]


def _split_segments(words: Sequence[str], languages: Sequence[str]) -> _Segments:
    segments: list[tuple[Field, tuple[str, ...]]] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_TOGETHER, len(words) - at), 0, -1):
            part = tuple(words[at : at + length])
            is_word = not (part[0].isdecimal() or (part[0] in _ORDINALS and at + 1 < len(words)))
            if (length > 1 or is_word) and (name := _whole_heading("".join(part), languages)):
                segments.append((name, part))
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    kinds = [_load_tables().words.get(part[0]) if len(part) == 1 else None for _name, part in segments]
    # "Customer" of "Customer email" says whose it is; but an "Organization name" is the firm.
    is_name = {name for (name, _part), kind in zip(segments, kinds, strict=True) if not kind} == {Field.NAME}
    if is_name:
        kinds = [None if name == Field.COMPANY else kind for (name, _part), kind in zip(segments, kinds, strict=True)]
    dropped: set[str | None] = {"whose"}
    if not all(kinds):
        dropped = set(kinds) - {None}
    if not dropped.issuperset(kinds):
        rest += [word for (_name, part), kind in zip(segments, kinds, strict=True) if kind in dropped for word in part]
        segments = [each for each, kind in zip(segments, kinds, strict=True) if kind not in dropped]
    return _Segments(tuple(segments), tuple(rest))


def _compound_meaning(words: tuple[str, ...], languages: Sequence[str]) -> HeadingMeaning:
    tables = _load_tables()
    if len(words) > _MOST_WORDS or not tables.foreign.isdisjoint(words):
        return HeadingMeaning(is_foreign=not tables.foreign.isdisjoint(words))
    if any(tables.words.get(word) == "kind" for word in words):
        return HeadingMeaning()
    segments = _split_segments(words, languages)
    fields = {name for name, _part in segments.fields}
    unknown = [word for word in segments.rest if word not in tables.words and not word.isdecimal()]
    # "Owner phone" is the customer's who owns the house, or a colleague's.
    is_owners = Field.REP in fields and bool(fields - {Field.REP, Field.TITLE})
    name = _one_of(fields - {Field.REP} if is_owners else fields, words)
    kinds = {tables.words.get(word) for word in segments.rest}
    numbers = [int(word) for word in segments.rest if word.isdecimal()]
    if name not in MANY and name not in PLACE and (max(numbers, default=1) > 1 or "another" in kinds):
        name = None
    if name == Field.NAME and "site" in kinds:
        # "Location name" is what the place is called.
        name = None
    is_whole_only = name in _WHOLE_ONLY or (name == Field.REP and not kinds <= {"whose", "small"})
    if is_whole_only or ((unknown or is_owners) and name not in _MOST_TELLING):
        name = None
    return HeadingMeaning(name, is_sure=name is None or not (unknown or is_owners))


def _one_of(fields: set[Field], words: Sequence[str]) -> Field | None:
    """Return the one field that several make together: "Address (City)", "First and last name", "PLZ Ort"."""
    if len(fields) > 1:
        # "Deal - Organization".
        fields = fields - {Field.TITLE}
    if len(fields) < 2:
        return next(iter(fields), None)
    if not fields <= set(_MOST_TELLING):
        return None
    if {Field.FIRST_NAME, Field.LAST_NAME} <= fields <= {Field.FIRST_NAME, Field.LAST_NAME, Field.NAME, Field.INFIX}:
        return Field.NAME
    if not fields & MANY and not {"and", "en", "und", "et", "y", "e", "i"}.isdisjoint(words):
        # "Straat en plaats" is a whole address, "postcode en huisnummer" no part of one.
        if Field.STREET in fields:
            return Field.STREET
        if Field.CITY in fields:
            return Field.CITY
        return None
    return next(name for name in _MOST_TELLING if name in fields)


# The ranks of a customer's addresses: the place of the work, one that says no more, a home, the office, where goods
# go, where the bill goes, and any other.
_RANKS = {"site": 0, "home": 2, "work": 3, "goods": 4, "mail": 5, "another": 6}
_PLAIN = 1


@lru_cache(maxsize=4096)
def address_of(heading: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[int, str]:
    """Return which of several addresses a heading belongs to: its rank, lowest first, and the words for it."""
    words = [part for word in words_of(heading) for part in _split_compound(word, is_whole=False)]
    segments = _split_segments(words, languages)
    # "Postal code" is no address for mail, and "house number" none of a home; a "mailing address" is one.
    taken = Counter(word for name, part in segments.fields if name != Field.STREET for word in part)
    left = list((Counter(words) - taken).elements())
    places = {word: kind for word in left if (kind := _load_tables().words.get(word, "")) in _RANKS}
    is_second = any(name == Field.STREET_2 for name, _part in segments.fields)
    if is_second:
        numbers = []
    else:
        numbers = [word for word in left if word.isdecimal() and int(word) > 1]
    if numbers:
        return _RANKS["another"], " ".join(sorted({*places, *numbers}))
    rank = max((_RANKS[kind] for kind in places.values()), default=_PLAIN)
    return rank, " ".join(sorted(places))


def whose_words(heading: str) -> frozenset[str]:
    """Return the words of a heading that name a person or role: "Tel bewoner", "Bewoner"."""
    return frozenset(word for word in words_of(heading) if _load_tables().words.get(word) == "whose")
