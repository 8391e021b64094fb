"""The texts a tenant starts with: right by every check, of the same keys in each language, cheap to send."""

import pytest

from comms.library.packs import dutch, english
from comms.library.packs.pack_entries import Category, PackEntry
from comms.library.seeding import PACKS
from comms.library.variables import variable_names
from comms.rendering.content import check
from comms.rendering.segments import measure
from demo.library import charging, roofing

BY_LANGUAGE = {code: {entry.key: entry for entry in pack.ENTRIES} for code, pack in PACKS.items()}


def test_the_packs_have_the_same_templates() -> None:
    shapes = [
        {key: (entry.category, entry.purpose, sorted(entry.contents(""))) for key, entry in entries.items()}
        for entries in BY_LANGUAGE.values()
    ]
    assert shapes[0] == shapes[1]


def test_the_shelves_hold_what_the_brief_lists() -> None:
    count = {category: sum(entry.category == category for entry in english.ENTRIES) for category in Category.values}
    assert count == {"order": 5, "appointment": 7, "engagement": 4, "partner": 4, "own": 3}
    assert all(entry.email for entry in english.ENTRIES if entry.category in ("order", "engagement", "partner"))


@pytest.mark.parametrize(
    ("greeting", "entry"),
    [
        *((english.GREETING, entry) for entry in (*english.ENTRIES, *roofing.ENGLISH, *charging.ENGLISH)),
        *((dutch.GREETING, entry) for entry in (*dutch.ENTRIES, *charging.DUTCH)),
    ],
    ids=lambda value: value.key if isinstance(value, PackEntry) else "",
)
def test_every_text_passes_its_own_checks(greeting: str, entry: PackEntry) -> None:
    for medium, content in entry.contents(greeting).items():
        assert check(medium, content, variable_names()) == []
    if entry.sms:
        assert measure(entry.sms).is_gsm, measure(entry.sms).strange
