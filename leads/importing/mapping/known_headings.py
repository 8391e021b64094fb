"""Know a column by its name as a whole, as it is listed in headings.py."""

import re
from functools import lru_cache

from leads.importing.mapping.exports.recognition import key_of
from leads.importing.mapping.headings import MANY, NAMES, PLACE, Field
from leads.importing.mapping.headings_abroad import NAMES_ABROAD

# A longer heading is none.
_LONGEST = 200
# "Customer email", "Klant telefoon", "Lead - Value": whose it is says nothing, as all is the lead's.
_WHOSE = re.compile(
    r"^(?:contact|customer|client|lead|person|deal|homeowner|property|primary|mailing|klant|contactpersoon)(?=.)"
)
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")

# What says enough by itself: the "City (Address)" is no address.
_TELLING = (PLACE | {Field.EMAIL}) - {Field.STREET}
_PARTS = frozenset({Field.FIRST_NAME, Field.LAST_NAME, Field.INFIX})


@lru_cache(maxsize=1024)
def field_of(heading: str) -> Field | None:
    """Return the field a column of this name holds, or None."""
    told = PLACE | {Field.EMAIL, Field.PHONE, Field.MOBILE, Field.FIRST_NAME, Field.LAST_NAME}
    within = _BRACKETS.search(heading[:_LONGEST])
    outside = _known().get(key_of(_BRACKETS.sub(" ", heading[:_LONGEST]))) if within else None
    if within and outside not in _TELLING and _known().get(key_of(within[1])) in told:
        # "Address (City)", "Phone (mobile)", "customer[email]".
        heading = within[1]
    elif within and _known().get(key_of(f"{within[1]} name")) in _PARTS:
        # "Name (First)".
        heading = f"{within[1]} name"
    plain = key_of(_BRACKETS.sub(" ", heading[:_LONGEST])) or key_of(heading[:_LONGEST])
    known = _known()
    while plain not in known:
        shorter = _WHOSE.sub("", plain)
        if shorter == plain:
            # "E-mail 3", "Telefoon 3"; but "Address 3" is not the address.
            found = known.get(plain.rstrip("0123456789"))
            return found if found in MANY else None
        plain = shorter
    return known[plain]


@lru_cache(maxsize=1)
def _known() -> dict[str, Field]:
    abroad = {key_of(name): field for field, names in NAMES_ABROAD.items() for name in names.split(",")}
    return abroad | {key_of(name): field for field, names in NAMES.items() for name in (*names.split(","), field.value)}
