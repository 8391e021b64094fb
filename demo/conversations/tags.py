"""The tags of the demo's organizations, and which conversations have them, by what they are about."""

from collections.abc import Mapping, Sequence

from crm.jobs.models import Tag

TAGS: Mapping[str, Mapping[str, str]] = {
    "suncoast": {
        "Commercial": "plain",
        "Insurance": "plain",
        "Invoice": "note",
        "Quote reply": "brand",
        "Storm": "bad",
        "Warranty": "violet",
    },
    "chargeline": {
        "Factuur": "note",
        "Netverzwaring": "warn",
        "Offerte": "brand",
        "Storing": "bad",
        "Verhuizing": "plain",
        "VvE": "violet",
    },
}
# What occurs in the subject or in the first thing said, and the tags that brings.
WORDS: Mapping[str, Sequence[str]] = {
    "storm": ("Storm",),
    "adjuster": ("Insurance",),
    "claim": ("Insurance",),
    "ceiling stain": ("Warranty",),
    "ripped off": ("Storm", "Warranty"),
    "invoice": ("Invoice",),
    "quote for": ("Quote reply",),
    "screen enclosures": ("Commercial",),
    "laadt niet": ("Storing",),
    "storing": ("Storing", "VvE"),
    "derde mail": ("Storing",),
    "factuur": ("Factuur",),
    "offerte": ("Offerte",),
    "verzwaring": ("Netverzwaring",),
    "alv": ("VvE",),
    "tweede adres": ("Verhuizing",),
}


def create_tags(organization: str) -> dict[str, int]:
    """Create the tags of an organization; return their ids by name. As old as the organization: without events."""
    made = [Tag.objects.create(name=name, tint=tint) for name, tint in TAGS[organization].items()]
    return {tag.name: tag.pk for tag in made}


def tags_for(text: str, ids: Mapping[str, int]) -> list[int]:
    """Return the tags a conversation of this text has."""
    said = text.casefold()
    names = dict.fromkeys(name for word, found in WORDS.items() if word in said for name in found)
    return [ids[name] for name in names if name in ids]
