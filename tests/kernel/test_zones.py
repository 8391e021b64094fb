"""Which zones a place or a number may lie in: certain ones, several for what is split, none for what nobody knows."""

from zoneinfo import ZoneInfo, available_timezones

import pytest

from crm.kernel import zone_tables
from crm.kernel.zones import Zones, country_of_phone, zones_of_phone, zones_of_place


def names(zones: Zones) -> set[str]:
    return {zone.name.removeprefix("America/") for zone in zones}


@pytest.mark.parametrize(
    ("place", "zones"),
    [
        (("US", "FL", "33611"), {"New_York"}),
        (("US", "Florida", "33611"), {"New_York"}),
        # The Panhandle: Pensacola is Central, around Panama City it is both.
        (("US", "FL", "32501"), {"Chicago"}),
        (("US", "FL", "32456"), {"New_York", "Chicago"}),
        (("US", "FL", ""), {"New_York", "Chicago"}),
        # A ZIP code of another state narrows nothing.
        (("US", "FL", "10001"), {"New_York", "Chicago"}),
        (("US", "", "79901"), {"Denver"}),
        (("US", "", "78701"), {"Chicago"}),
        (("US", "AZ", "85001"), {"Phoenix"}),
        (("US", "HI", ""), {"Pacific/Honolulu"}),
        (("CA", "", "M5V 2T6"), {"Toronto"}),
        (("CA", "ON", "P8N 1A1"), {"Toronto", "Winnipeg"}),
        (("CA", "Saskatchewan", ""), {"Regina"}),
        (("NL", "", "1017 GC"), {"Europe/Amsterdam"}),
        (("BE", "", ""), {"Europe/Brussels"}),
        (("ZZ", "", ""), set()),
    ],
)
def test_zones_of_a_place(place: tuple[str, str, str], zones: set[str]) -> None:
    assert names(zones_of_place(*place)) == zones


def test_country_of_many_zones_leaves_all_of_them() -> None:
    assert {"Los_Angeles", "New_York", "Chicago", "Denver", "Pacific/Honolulu"} <= names(zones_of_place("US"))
    assert names(zones_of_place("ES")) == {"Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary"}


@pytest.mark.parametrize(
    ("number", "country", "zones"),
    [
        ("+18135550142", "US", {"New_York"}),
        ("+18505550142", "US", {"New_York", "Chicago"}),
        ("+19155550142", "US", {"Denver"}),
        ("+14155550142", "US", {"Los_Angeles"}),
        ("+14165550142", "CA", {"Toronto"}),
        ("+19025550142", "CA", {"Halifax"}),
        ("+31612345678", "NL", {"Europe/Amsterdam"}),
        ("+32470123456", "BE", {"Europe/Brussels"}),
        ("+18005550142", "", None),
        ("nonsense", "", set()),
    ],
)
def test_zones_of_a_number(number: str, country: str, zones: set[str] | None) -> None:
    assert zones is None or names(zones_of_phone(number)) == zones
    assert not country or country_of_phone(number) == country


def test_zones_carry_the_state_whose_law_counts() -> None:
    assert {zone.state for zone in zones_of_phone("+18135550142")} == {"FL"}
    assert {zone.state for zone in zones_of_phone("+19025550142")} == {"NS", "PE"}


def test_tables_name_zones_that_exist_and_states_that_have_one() -> None:
    known = available_timezones()
    assert {zone for zones in zone_tables.ZONES_OF_STATE.values() for zone in zones} <= known
    assert set(zone_tables.STATE_OF_ZIP.values()) <= set(zone_tables.ZONES_OF_STATE)
    assert {state for states in zone_tables.STATES_OF_AREA.values() for state in states} <= set(
        zone_tables.ZONES_OF_STATE
    )
    assert set(zone_tables.ZONES_OF_STATE) >= zone_tables.US_STATES
    # Each is one the machine can tell the time of.
    assert all(ZoneInfo(zone.name) for zone in zones_of_place("US"))
