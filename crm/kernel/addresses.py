"""Split a postal address in one cell, "5 Reef Way, Tampa, FL 33605" or "Dorpsstraat 12, 1234 AB Haarlem", into parts.

Only what is certain is split off; anything else stays in the street.
"""

import re
from dataclasses import dataclass

from crm.kernel.refusal import Refused
from crm.kernel.typed_values import country

_SHAPES = (
    # 5 Reef Way, Tampa, FL 33605
    re.compile(
        r"(?P<street>[^,]+(?:,[^,]+)?), ?(?P<city>[^,\d]+), ?(?P<region>[A-Z]{2}),? (?P<postcode>\d{5}(?:-\d{4})?)"
    ),
    # Dorpsstraat 12, 1234 AB Haarlem
    re.compile(r"(?P<street>[^,]+?),? (?P<postcode>[1-9]\d{3} ?[A-Z]{2}),? (?P<city>[^,\d]+)", re.IGNORECASE),
    # Hauptstraße 5, 10115 Berlin
    re.compile(r"(?P<street>[^,]+), ?(?P<postcode>\d{4,5}) (?P<city>[^,\d]+)"),
)
# Longer is none, and would keep the patterns busy.
_LONGEST = 300
_SHORT = frozenset({"USA", "U.S.A.", "UK", "NL"})


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a postal address; "" for a part it does not name."""

    street: str
    postcode: str
    city: str
    region: str = ""
    country: str = ""


def parted(text: str) -> Address | None:
    """Split an address of one or several lines into its parts; None when it is no address or is ambiguous."""
    if len(text) > _LONGEST:
        return None
    line = ", ".join(" ".join(part.split()).strip(" ,") for part in text.splitlines() if part.strip(" ,"))
    line, where = _without_country(line)
    for shape in _SHAPES:
        if (found := shape.fullmatch(line)) and re.search(r"\d", found["street"]):
            parts = {name: value.strip() for name, value in found.groupdict().items()}
            return Address(**parts, country=where)
    return None


def _without_country(line: str) -> tuple[str, str]:
    rest, comma, last = line.rpartition(",")
    name = last.strip()
    # "GA" and "DE" are states before they are countries.
    if comma and (len(name) > 3 or name.upper() in _SHORT):
        try:
            return rest.strip(), country(name.replace(".", "") if len(name) < 7 else name)
        except Refused:
            pass
    return line, ""
