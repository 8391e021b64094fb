"""Occurrences on the wall clock: changes of the clock, ends, additions, and rules that have none."""

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from libs.recurrence import expand_rule, parse_rule

NEW_YORK = ZoneInfo("America/New_York")


def _expand(rule: str, start: str, most: int = 10, zone: str = "America/New_York", **dates: list[str]) -> list[str]:
    exceptions = {name: [datetime.fromisoformat(text) for text in texts] for name, texts in dates.items()}
    instants = expand_rule(parse_rule(rule), datetime.fromisoformat(start), ZoneInfo(zone), **exceptions)
    return [instant.isoformat()[:16] + instant.isoformat()[19:] for instant in islice(instants, most)]


def test_the_wall_clock_stays_when_the_clocks_change() -> None:
    assert _expand("FREQ=WEEKLY", "2026-03-05T15:30", 2) == ["2026-03-05T15:30-05:00", "2026-03-12T15:30-04:00"]
    assert _expand("FREQ=WEEKLY", "2026-10-29T15:30", 2) == ["2026-10-29T15:30-04:00", "2026-11-05T15:30-05:00"]


def test_a_time_that_the_clock_change_leaves_out_moves_by_the_offset_before_it() -> None:
    times = _expand("FREQ=DAILY", "2026-03-07T02:30", 3)
    assert times == ["2026-03-07T02:30-05:00", "2026-03-08T03:30-04:00", "2026-03-09T02:30-04:00"]


def test_a_time_that_is_there_twice_is_the_first() -> None:
    assert _expand("FREQ=DAILY", "2026-11-01T01:30", 1) == ["2026-11-01T01:30-04:00"]


def test_times_in_the_gap_stay_in_order_and_come_once() -> None:
    times = _expand("FREQ=MINUTELY;INTERVAL=30", "2026-03-08T01:30", 5)
    assert [time[11:16] for time in times] == ["01:30", "03:00", "03:30", "04:00", "04:30"]


def test_a_day_that_a_zone_leaves_out_comes_once() -> None:
    times = _expand("FREQ=DAILY", "2011-12-29T09:00", 3, zone="Pacific/Apia")
    assert [time[:10] for time in times] == ["2011-12-29", "2011-12-31", "2012-01-01"]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260303T140000Z", "2026-03-03"),
        ("20260303T135959Z", "2026-03-02"),
        ("20260303T090000", "2026-03-03"),
        ("20260303T085959", "2026-03-02"),
        ("20260303", "2026-03-03"),
    ],
)
def test_until_is_an_instant_a_local_time_or_a_whole_day(until: str, last: str) -> None:
    assert _expand(f"FREQ=DAILY;UNTIL={until}", "2026-03-01T09:00")[-1][:10] == last


def test_the_twenty_ninth_of_february_comes_in_leap_years() -> None:
    assert [day[:10] for day in _expand("FREQ=YEARLY", "2024-02-29T09:00", 2)] == ["2024-02-29", "2028-02-29"]
    assert _expand("FREQ=YEARLY", "1896-02-29T09:00", 2)[1][:10] == "1904-02-29"


def test_a_start_that_does_not_match_is_no_occurrence() -> None:
    assert _expand("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-03-03T09:00") == [
        *("2026-03-09T09:00-04:00", "2026-03-16T09:00-04:00")
    ]


def test_a_week_number_takes_the_weekday_of_the_start() -> None:
    assert [day[:10] for day in _expand("FREQ=YEARLY;BYWEEKNO=20", "1997-05-12T09:00", 2)] == [
        *("1997-05-12", "1998-05-11")
    ]


def test_added_and_excluded_times() -> None:
    times = _expand("FREQ=DAILY;COUNT=3", "2026-03-01T09:00", excluded=["2026-03-02T09:00"], added=["2026-03-01T12:00"])
    assert [time[8:16] for time in times] == ["01T09:00", "01T12:00", "03T09:00"]


def test_an_hourly_rule_keeps_its_minutes_on_the_days_after() -> None:
    times = _expand("FREQ=HOURLY;INTERVAL=7;BYMINUTE=0,30", "2026-01-01T09:15", 8)
    assert [time[8:16] for time in times] == [
        *("01T09:30", "01T16:00", "01T16:30", "01T23:00", "01T23:30", "02T06:00", "02T06:30", "02T13:00")
    ]


@pytest.mark.parametrize(
    "rule",
    [
        *(f"FREQ={freq};BYMONTH=2;BYMONTHDAY=30" for freq in ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "YEARLY")),
        "FREQ=SECONDLY;BYHOUR=1;BYMINUTE=1;BYSECOND=1;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=10",
        "FREQ=SECONDLY;BYSECOND=0;BYSETPOS=5",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    ],
)
def test_a_rule_without_an_occurrence_ends(rule: str) -> None:
    assert _expand(rule, "1997-09-02T09:00") == []


def test_a_rule_of_every_second_costs_what_is_taken() -> None:
    assert len(_expand("FREQ=SECONDLY", "1997-09-02T09:00", 2000)) == 2000
