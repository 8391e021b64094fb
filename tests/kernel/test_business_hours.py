"""Working hours on known days: what counts, what is refused, and why a day counted nothing."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crm.kernel.business_hours import DayReason, HoursError, build_hours

HOUR = 3600
OFFICE = [[(480, 1020)]] * 5 + [[], []]  # Monday to Friday, 8 to 17
ALWAYS = [[(0, 1440)]] * 7


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc,arg-type]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_fifteen_minutes_within_the_day() -> None:
    office = build_hours("Europe/Amsterdam", OFFICE)
    assert office.add(local("Europe/Amsterdam", 2026, 5, 6, 10, 0), 900) == local(
        "Europe/Amsterdam", 2026, 5, 6, 10, 15
    )


def test_the_rest_of_friday_is_used_before_monday() -> None:
    office = build_hours("America/New_York", OFFICE)
    friday = local("America/New_York", 2026, 11, 20, 16, 50)
    assert office.add(friday, 900) == local("America/New_York", 2026, 11, 23, 8, 5)


def test_the_earliest_instant_is_the_end_of_the_day_not_the_next_opening() -> None:
    office = build_hours("UTC", OFFICE)
    assert office.add(utc(2026, 5, 6, 8), 9 * HOUR) == utc(2026, 5, 6, 17)
    assert office.add(utc(2026, 5, 6, 8), 9 * HOUR + 1) == utc(2026, 5, 7, 8, 0, 1)


def test_nothing_added_is_the_start_itself_also_when_closed() -> None:
    sunday = local("Europe/Amsterdam", 2026, 5, 10, 3, 0)
    assert build_hours("Europe/Amsterdam", OFFICE).add(sunday, 0) == sunday


def test_split_shifts_leave_the_lunch_out() -> None:
    shifts = build_hours("UTC", [[(540, 720), (780, 1020)]] * 7)
    assert shifts.between(utc(2026, 5, 6), utc(2026, 5, 7)) == 7 * HOUR
    assert shifts.add(utc(2026, 5, 6, 11, 30), HOUR) == utc(2026, 5, 6, 13, 30)


def test_hours_until_midnight_end() -> None:
    late = build_hours("Europe/Amsterdam", [[(540, 1440)]] * 7)
    evening = local("Europe/Amsterdam", 2026, 5, 6, 23, 59)
    assert late.add(evening, 120) == local("Europe/Amsterdam", 2026, 5, 7, 9, 1)


def test_a_holiday_is_passed_over() -> None:
    office = build_hours("UTC", OFFICE, {date(2026, 12, 25): "Christmas"}.get)
    assert office.add(utc(2026, 12, 24, 16), 2 * HOUR) == utc(2026, 12, 28, 9)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("America/New_York", (2026, 3, 8), 23),
        ("America/New_York", (2026, 11, 1), 25),
        ("Europe/Amsterdam", (2026, 3, 29), 23),
        ("Europe/Amsterdam", (2026, 10, 25), 25),
        ("America/Sao_Paulo", (2018, 11, 4), 23),  # the day began at 01:00
        ("America/Sao_Paulo", (2018, 2, 17), 25),  # 23:00 to 24:00 came twice
        ("Asia/Beirut", (2022, 3, 27), 23),
        ("Africa/Cairo", (2024, 4, 26), 23),
        ("Africa/Cairo", (2024, 10, 31), 25),
        ("Australia/Lord_Howe", (2026, 4, 5), 24.5),
    ],
)
def test_a_day_around_the_clock_is_as_long_as_it_really_is(zone: str, day: tuple[int, int, int], length: float) -> None:
    noon = local(zone, *day, 12)
    told = {row.day: row for row in build_hours(zone, ALWAYS).days(noon - timedelta(days=2), noon + timedelta(days=2))}
    assert told[date(*day)].seconds == length * HOUR


def test_hours_within_the_gap_of_spring_do_not_exist() -> None:
    night = build_hours("America/New_York", [[(120, 180)]] * 7)  # 02:00 to 03:00
    midnight = local("America/New_York", 2026, 3, 8)
    assert night.between(midnight, midnight + timedelta(days=1)) == 0
    (day,) = night.days(midnight, local("America/New_York", 2026, 3, 8, 20))
    assert (day.reason, day.seconds) == (DayReason.SKIPPED, 0)


def test_hours_within_the_fold_of_autumn_count_twice() -> None:
    night = build_hours("America/New_York", [[(60, 90)]] * 7)  # 01:00 to 01:30
    midnight = local("America/New_York", 2026, 11, 1)
    counted = list(night.intervals(midnight, local("America/New_York", 2026, 11, 2)))
    assert counted == [(utc(2026, 11, 1, 5), utc(2026, 11, 1, 5, 30)), (utc(2026, 11, 1, 6), utc(2026, 11, 1, 6, 30))]


def test_a_clock_set_back_over_midnight_gives_the_minutes_to_the_day_it_reads() -> None:
    # St John's went from Sunday 00:01 back to Saturday 23:01: Sunday's first minute came before Saturday's last hour.
    zone = "America/St_Johns"
    saturday, sunday = build_hours(zone, ALWAYS).days(local(zone, 2009, 10, 31), local(zone, 2009, 11, 1, 12))
    assert (saturday.day, saturday.seconds, len(saturday.intervals)) == (date(2009, 10, 31), 24 * HOUR + 59 * 60, 2)
    assert (sunday.day, sunday.seconds, len(sunday.intervals)) == (date(2009, 11, 1), 12 * HOUR + 60, 2)


def test_the_day_after_is_told_when_the_range_ends_in_yesterday_come_again() -> None:
    zone = "America/St_Johns"
    evening, again = local(zone, 2009, 10, 31, 22), local(zone, 2009, 10, 31, 23, 30, fold=1)
    days = build_hours(zone, ALWAYS).days(evening, again)
    assert [(row.day.day, row.seconds) for row in days] == [(31, 2 * HOUR + 29 * 60), (1, 60)]


def test_a_day_that_never_was_counts_nothing() -> None:
    apia = build_hours("Pacific/Apia", ALWAYS)
    days = apia.days(local("Pacific/Apia", 2011, 12, 29), local("Pacific/Apia", 2012, 1, 1))
    assert [(row.day.day, row.seconds // HOUR, row.reason) for row in days] == [
        (29, 24, DayReason.COUNTED),
        (30, 0, DayReason.SKIPPED),
        (31, 24, DayReason.COUNTED),
    ]


def test_each_day_says_why_it_counted_nothing() -> None:
    office = build_hours("Europe/Amsterdam", OFFICE, {date(2026, 4, 27): "King's Day"}.get)
    friday, tuesday = local("Europe/Amsterdam", 2026, 4, 24, 18), local("Europe/Amsterdam", 2026, 4, 28, 9)
    days = office.days(friday, tuesday)
    assert [(row.day.day, row.reason, row.closing) for row in days] == [
        (24, DayReason.OUTSIDE, None),
        (25, DayReason.NO_HOURS, None),
        (26, DayReason.NO_HOURS, None),
        (27, DayReason.CLOSED, "King's Day"),
        (28, DayReason.COUNTED, None),
    ]
    assert days[-1].seconds == office.between(friday, tuesday) == HOUR


def test_an_interval_over_utc_midnight_is_told_as_one() -> None:
    evening = build_hours("America/New_York", [[(1080, 1380)]] * 7)  # 18:00 to 23:00, 22:00 to 03:00 UTC
    (told,) = evening.intervals(local("America/New_York", 2026, 5, 6), local("America/New_York", 2026, 5, 7))
    assert told == (utc(2026, 5, 6, 22), utc(2026, 5, 7, 3))
    assert told.seconds == 5 * HOUR


def test_far_instants_agree_with_the_walk_day_by_day() -> None:
    office = build_hours(
        "Europe/Amsterdam", OFFICE, {date(year, 12, 25): "Christmas" for year in range(2020, 2050)}.get
    )
    start = utc(2026, 1, 1)
    for days in (27, 28, 29, 300, 2_500):
        far = start + timedelta(days=days, hours=11)
        daily = sum(
            office.between(a, b) for a, b in pairwise([start + timedelta(days=n) for n in range(days + 1)] + [far])
        )
        assert office.between(start, far) == daily
        assert office.between(start, office.add(start, daily)) == daily


def test_four_weeks_that_are_an_hour_longer_in_autumn_are_not_overrun() -> None:
    # Far instants are found by totals of 28 UTC days, counted from 1970; open at night, the fold makes one longer.
    nights = build_hours("America/New_York", [[(0, 360)]] * 7)
    start = utc(1970, 1, 1) + timedelta(days=(utc(2026, 11, 1) - utc(1970, 1, 1)).days // 28 * 28)
    for extra in (0, 1800, HOUR, HOUR + 1):
        n = 4 * nights.weekly + extra
        assert nights.between(start, nights.add(start, n)) == n


def test_fractions_of_a_second_are_dropped() -> None:
    always = build_hours("UTC", ALWAYS)
    at = utc(2026, 5, 6, 12).replace(microsecond=900_000)
    assert always.add(at, 1) == utc(2026, 5, 6, 12, 0, 1)
    assert always.between(at, utc(2026, 5, 6, 12, 0, 1)) == 1


def test_workday_and_pace_describe_the_week() -> None:
    office = build_hours("UTC", OFFICE)
    assert (office.weekly, office.workday) == (45 * HOUR, 9 * HOUR)
    assert office.pace == pytest.approx(45 / 168)


@pytest.mark.parametrize(
    ("week", "sentence"),
    [
        ([[]] * 7, "The week has no hours at all: open at least one day."),
        (OFFICE[:5], "A week has seven days, these hours have 5."),
        ([[(540, 720), (700, 800)], *OFFICE[1:]], "Monday: the hours from 11:40 overlap or precede those up to 12:00."),
        (
            [[(780, 1020), (540, 720)], *OFFICE[1:]],
            "Monday: the hours from 09:00 overlap or precede those up to 17:00.",
        ),
        ([*OFFICE[:6], [(540, 540)]], "Sunday: 09:00 to 09:00 is not a time span within one day, 00:00 to 24:00."),
        ([*OFFICE[:6], [(540, 0)]], "Sunday: 09:00 to 00:00 is not a time span within one day, 00:00 to 24:00."),
        ([*OFFICE[:6], [(0, 1441)]], "Sunday: 00:00 to 1441 min is not a time span within one day, 00:00 to 24:00."),
    ],
)
def test_a_wrong_week_is_refused_in_a_sentence(week: list[list[tuple[int, int]]], sentence: str) -> None:
    with pytest.raises(HoursError) as refusal:
        build_hours("UTC", week)
    assert str(refusal.value) == sentence


def test_hours_that_touch_are_one_stretch() -> None:
    touching = build_hours("UTC", [[(540, 720), (720, 1020)]] * 7)
    assert len(list(touching.intervals(utc(2026, 5, 6), utc(2026, 5, 7)))) == 1


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "America", "../etc/passwd", "", "é"])
def test_an_unknown_zone_is_refused_in_a_sentence(zone: str) -> None:
    with pytest.raises(HoursError, match="There is no time zone called"):
        build_hours(zone, OFFICE)


def test_a_calendar_that_is_always_closed_is_refused_not_waited_for() -> None:
    shut = build_hours("UTC", ALWAYS, lambda day: "Closed down")
    for seconds in (1, 10**9):
        with pytest.raises(HoursError, match="closed on every day for two years from 2026-05-0"):
            shut.add(utc(2026, 5, 6), seconds)
    assert shut.between(utc(2026, 5, 6), utc(2030, 5, 6)) == 0


def test_a_closing_of_a_year_is_waited_for() -> None:
    sabbatical = build_hours("UTC", ALWAYS, lambda day: "Sabbatical" if day.year == 2027 else None)
    assert sabbatical.add(utc(2026, 12, 31, 23), 2 * HOUR) == utc(2028, 1, 1, 1)


def test_instants_beyond_all_reason_are_refused() -> None:
    always = build_hours("UTC", ALWAYS)
    for wrong in (lambda: always.add(utc(2026, 5, 6), 10**13), lambda: always.between(utc(1, 1, 1), utc(2026, 1, 1))):
        with pytest.raises(HoursError, match="between the years 1900 and 2200"):
            wrong()


def test_less_than_nothing_cannot_be_added_and_time_does_not_run_back() -> None:
    always = build_hours("UTC", ALWAYS)
    with pytest.raises(ValueError, match="negative"):
        always.add(utc(2026, 5, 6), -1)
    assert always.between(utc(2026, 5, 7), utc(2026, 5, 6)) == 0
    assert always.days(utc(2026, 5, 7), utc(2026, 5, 6)) == ()
