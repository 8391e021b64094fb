"""Recognise exports of other CRMs by their column names; a product's known meaning goes before a guess.

The names are in leads/importing/mapping/exports/crms.py; one that is not there is guessed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.kernel.normalization import name_key
from leads.importing.mapping.headings import Field


@dataclass(frozen=True, slots=True)
class Export:
    """The columns of one product's export; some products have several."""

    name: str
    # Headings as that product writes them and hardly anybody else does, and how many of them tell it.
    telling: re.Pattern[str]
    enough: int
    # What a column is; None for one that says nothing of a lead but would be taken for something else.
    fields: dict[str, Field | None]
    # What a column is where no other column is that: the whole address beside its street, an estimate beside a price.
    weaker: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    # What only that product's machinery reads, and is left out: ids of its other records, and the like.
    machinery: frozenset[str] = frozenset()
    # Not all of its columns are listed here: the others are guessed like anybody's.
    is_partly_known: bool = False


def key_of(heading: str) -> str:
    """Normalise a heading for comparison: "Deal - Title" and "deal_title" are one."""
    return name_key(heading).replace(" ", "")


def keys_of(names: str) -> Iterable[str]:
    """Split comma-separated headings into their keys."""
    return (key_of(name) for name in names.split(", "))


def machinery(names: str) -> frozenset[str]:
    """Return the keys of columns to leave out."""
    return frozenset(keys_of(names))


def telling(*names: str) -> re.Pattern[str]:
    """Match comma-separated headings exactly as written, optionally with the mark of a required one."""
    return re.compile("(?:" + "|".join(re.escape(name) for text in names for name in text.split(", ")) + r")[*:]?")


def fields(**names: str) -> dict[str, Field | None]:
    """Map headings to fields; `none`: those that must not be guessed."""
    return {
        key: None if meant == "none" else Field(meant) for meant, headings in names.items() for key in keys_of(headings)
    }


def weaker(**names: str) -> dict[str, tuple[Field, ...]]:
    """Map headings to fields used only if no better column has them; "name_or_title" are two to try in turn."""
    return {
        key: tuple(Field(one) for one in meant.split("_or_"))
        for meant, headings in names.items()
        for key in keys_of(headings)
    }


def recognise(headings: Sequence[str], exports: Sequence[Export]) -> Export | None:
    """Recognise the product whose export these columns are, if certain; of several the one that knows most of them."""
    written = [" ".join(heading.split()) for heading in headings]
    told = [each for each in exports if sum(bool(each.telling.fullmatch(name)) for name in written) >= each.enough]
    keys = {key_of(heading) for heading in headings}
    return max(
        told, key=lambda each: len(keys & (each.fields.keys() | each.weaker.keys() | each.machinery)), default=None
    )
