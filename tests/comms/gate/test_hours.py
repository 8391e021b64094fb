"""When somebody may be written to: brand's hours, states' laws, several zones at once, clocks that change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from comms.gate.hours import SendingHours
from crm.kernel.zones import PossibleZone, Zones

TAMPA = PossibleZone("America/New_York", "US", "FL")
AUSTIN = PossibleZone("America/Chicago", "US", "TX")
WARWICK = PossibleZone("America/New_York", "US", "RI")
HARTFORD = PossibleZone("America/New_York", "US", "CT")
HONOLULU = PossibleZone("Pacific/Honolulu", "US", "HI")
AMSTERDAM = PossibleZone("Europe/Amsterdam", "NL")


def of(medium: str, *zones: PossibleZone, opens: int = 8, closes: int = 20) -> SendingHours:
    return SendingHours(medium, time(opens), time(closes), Zones(zones))


def local(zone: PossibleZone, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone.name)).astimezone(UTC)


@pytest.mark.parametrize(
    ("medium", "zone", "at", "then"),
    [
        ("sms", TAMPA, "2026-05-12 07:59", "2026-05-12 08:00"),
        ("sms", TAMPA, "2026-05-12 08:00", "2026-05-12 08:00"),
        ("sms", TAMPA, "2026-05-12 19:59:59", "2026-05-12 19:59:59"),
        ("sms", TAMPA, "2026-05-12 20:00", "2026-05-13 08:00"),
        # Connecticut begins an hour later, Texas on Sundays at noon, Rhode Island ends early and at weekends earlier.
        ("sms", HARTFORD, "2026-05-12 08:30", "2026-05-12 09:00"),
        ("sms", AUSTIN, "2026-05-10 10:00", "2026-05-10 12:00"),
        ("sms", AUSTIN, "2026-05-09 08:30", "2026-05-09 09:00"),
        ("sms", WARWICK, "2026-05-12 18:00", "2026-05-13 09:00"),
        ("sms", WARWICK, "2026-05-08 18:00", "2026-05-09 10:00"),
        ("sms", WARWICK, "2026-05-09 17:00", "2026-05-10 10:00"),
        ("call", AUSTIN, "2026-05-10 11:00", "2026-05-10 12:00"),
        # WhatsApp is no call in these laws.
        ("whatsapp", AUSTIN, "2026-05-10 08:30", "2026-05-10 08:30"),
        ("sms", AMSTERDAM, "2026-05-12 20:00", "2026-05-13 08:00"),
    ],
)
def test_next_allowed_minute(medium: str, zone: PossibleZone, at: str, then: str) -> None:
    assert of(medium, zone).next(local(zone, at)) == local(zone, then)


@pytest.mark.parametrize(
    ("at", "then"),
    [
        # The night a clock is put forward, and the one it is put back.
        ("2026-03-07 21:00", "2026-03-08 08:00"),
        ("2026-10-31 21:00", "2026-11-01 08:00"),
    ],
)
def test_next_allowed_minute_over_a_change_of_the_clock(at: str, then: str) -> None:
    assert of("sms", TAMPA).next(local(TAMPA, at)) == local(TAMPA, then)


def test_hour_that_does_not_exist_on_a_day_is_the_one_after() -> None:
    early = of("whatsapp", TAMPA, opens=2, closes=22)
    assert early.next(local(TAMPA, "2026-03-08 01:30")) == local(TAMPA, "2026-03-08 03:00")


def test_hours_until_midnight_end_with_the_day() -> None:
    late = SendingHours("whatsapp", time(8), time(0), Zones([AMSTERDAM]))
    assert late.allow(local(AMSTERDAM, "2026-05-12 23:59"))
    assert late.next(local(AMSTERDAM, "2026-05-13 00:10")) == local(AMSTERDAM, "2026-05-13 08:00")


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-05-08 07:00", "2026-05-07 21:59"),
        ("2026-05-08 08:00", "2026-05-08 08:00"),
        ("2026-05-08 22:00", "2026-05-08 21:59"),
    ],
)
def test_last_allowed_minute_before(at: str, then: str) -> None:
    """A reminder due at 7:00 leaves at 21:59 the evening before (docs/rules.md#k3)."""
    assert of("whatsapp", TAMPA, closes=22).last_before(local(TAMPA, at)) == local(TAMPA, then)


def test_several_zones_leave_what_all_of_them_allow() -> None:
    both = of("sms", TAMPA, HONOLULU)
    assert not both.allow(local(TAMPA, "2026-05-12 09:00"))
    assert both.next(local(TAMPA, "2026-05-12 09:00")) == local(HONOLULU, "2026-05-12 08:00")
    assert not both.allow(local(TAMPA, "2026-05-12 20:00"))
    assert both.last_before(local(TAMPA, "2026-05-13 01:00")) == local(TAMPA, "2026-05-12 19:59")


def test_zones_without_a_common_hour() -> None:
    never = of("call", AMSTERDAM, HONOLULU, opens=9, closes=17)
    assert never.next(local(AMSTERDAM, "2026-05-12 09:00")) is None
    assert never.last_before(local(AMSTERDAM, "2026-05-12 09:00")) is None


def test_hours_said_are_those_of_the_zone_that_shuts_first() -> None:
    zone, opens, closes = of("sms", AUSTIN, WARWICK).narrowest(local(WARWICK, "2026-05-12 12:00"))
    assert (zone, opens, closes) == (WARWICK, time(9), time(18))
