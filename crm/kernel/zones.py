"""Find the possible time zones of an address or a phone number: one if certain, several if not.

Pure. Whoever asks must respect all the zones it is given: a state may be split, and a number says less than an address.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import phonenumbers

from crm.kernel.regions import PROVINCES_BY_NAME, STATES_BY_NAME
from crm.kernel.zone_tables import (
    AREAS_OF_ALL_ZONES,
    AREAS_OF_SECOND_ZONE,
    POSTCODES_OF_ALL_ZONES,
    PROVINCE_OF_POSTCODE,
    STATE_OF_ZIP,
    STATES_OF_AREA,
    US_STATES,
    ZIPS_OF_ALL_ZONES,
    ZIPS_OF_SECOND_ZONE,
    ZONES_OF_STATE,
)


@dataclass(frozen=True, order=True, slots=True)
class PossibleZone:
    """A possible time zone, with the country and state whose law applies there."""

    name: str
    country: str = ""
    state: str = ""


Zones = frozenset[PossibleZone]


@lru_cache(maxsize=4096)
def zones_of_place(country: str, region: str = "", postcode: str = "") -> Zones:
    """Return the possible time zones of an address; none for an unknown country. `country`: ISO, two letters."""
    if country == "US":
        return _american_zones(region, postcode)
    if country == "CA":
        return _canadian_zones(region, postcode)
    return _zones_of_country(country)


@lru_cache(maxsize=16_384)
def zones_of_phone(e164: str) -> Zones:
    """Return the possible time zones of a phone number by its country or area code; none if unknown."""
    if e164.startswith("+1") and len(e164) == 12 and (states := STATES_OF_AREA.get(e164[2:5])):
        return frozenset().union(*(_zones_of_state(state, _area_slice(e164[2:5])) for state in states))
    return _zones_of_country(country_of_phone(e164))


@lru_cache(maxsize=16_384)
def country_of_phone(e164: str) -> str:
    """Return the ISO country of a phone number or WhatsApp ID ("US.1349…"); "" for none."""
    if e164[2:3] == ".":
        return e164[:2]
    if e164.startswith("+1") and (states := STATES_OF_AREA.get(e164[2:5])):
        if states <= US_STATES:
            return "US"
        return "CA"
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _american_zones(region: str, postcode: str) -> Zones:
    state = STATES_BY_NAME.get(region.strip().lower(), "") or STATE_OF_ZIP.get(postcode[:3], "")
    if not state:
        return _all_zones_of("US")
    # The ZIP code narrows the state it lies in, and no other.
    prefix = ""
    if STATE_OF_ZIP.get(postcode[:3]) == state:
        prefix = postcode[:3]
    return _zones_of_state(state, _zone_slice(prefix, ZIPS_OF_ALL_ZONES, ZIPS_OF_SECOND_ZONE))


def _canadian_zones(region: str, postcode: str) -> Zones:
    code = postcode.strip().upper()
    province = PROVINCES_BY_NAME.get(region.strip().lower(), "") or PROVINCE_OF_POSTCODE.get(code[:1], "")
    if not province:
        return _all_zones_of("CA")
    prefix = ""
    if PROVINCE_OF_POSTCODE.get(code[:1]) == province:
        prefix = code[:2]
    return _zones_of_state(province, _zone_slice(prefix, POSTCODES_OF_ALL_ZONES, frozenset()))


def _zone_slice(prefix: str, everywhere: frozenset[str], second: frozenset[str]) -> slice:
    """Return the part of a state's time zones that a postcode prefix leaves possible; all without a prefix."""
    if not prefix or prefix in everywhere:
        return slice(None)
    if prefix in second:
        return slice(1, None)
    return slice(1)


def _area_slice(area: str) -> slice:
    return _zone_slice(area, AREAS_OF_ALL_ZONES, AREAS_OF_SECOND_ZONE)


def _zones_of_state(state: str, part: slice = slice(None)) -> Zones:
    country = "CA"
    if state in US_STATES:
        country = "US"
    return frozenset(PossibleZone(name, country, state) for name in ZONES_OF_STATE[state][part])


@cache
def _all_zones_of(country: str) -> Zones:
    # Guam, on the other side of the date line, is a country of its own wherever somebody writes one.
    states = [state for state in ZONES_OF_STATE if (state in US_STATES) == (country == "US") and state != "GU"]
    return frozenset().union(*map(_zones_of_state, states))


@cache
def _zone_names() -> dict[str, tuple[str, ...]]:
    """Return the time zones of each country, from the time zone database."""
    names_by_country: dict[str, list[str]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _place, name = line.split("\t")[:3]
            names_by_country.setdefault(country, []).append(name)
    return {country: tuple(names) for country, names in names_by_country.items()}


def _zones_of_country(country: str) -> Zones:
    if country in ("US", "CA"):
        return _all_zones_of(country)
    return frozenset(PossibleZone(name, country) for name in _zone_names().get(country, ()))
