"""The templates updates are made of: created with a tenant, or added to one that has none of them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import get_language

from comms.library.packs.shape import Entry
from comms.library.seeding import add_entries
from portal.updates.texts import dutch, english

PACKS: Mapping[str, Sequence[Entry]] = {"en": english.ENTRIES, "nl": dutch.ENTRIES}


def begin() -> None:
    """Create them in a new tenant, in its language, which is in use; in English where there is no text in it."""
    language = (get_language() or "en").split("-")[0]
    create_templates([language if language in PACKS else "en"])


def create_templates(languages: Sequence[str]) -> None:
    """Create those that are not there, with a text in each of these languages, named in the first."""
    add_entries({language: PACKS[language] for language in languages})
