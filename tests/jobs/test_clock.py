"""A clock's instants and level: the shares at which it turns, pauses, and calendars it counts by."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.jobs.clock.arithmetic import RATIOS, Instants, Level, instants, level, next_crossing, share_step, used_seconds
from crm.kernel.business_hours import BusinessHours, build_hours

HOUR = 3600
START = datetime(2026, 5, 6, 10, tzinfo=UTC)
OFFICE = build_hours(
    "America/New_York", [[(480, 720), (780, 1020)]] * 5 + [[], []], {date(2026, 5, 25): "Memorial Day"}.get
)
SECOND = timedelta(seconds=1)

calendars = st.sampled_from([None, OFFICE, build_hours("Europe/Amsterdam", [[(0, 1440)]] * 7)])
# Around the spring and autumn changes of the clock in both zones, with fractions of a second.
starts = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 10), timezones=st.just(UTC))  # noqa: DTZ001
allowances = st.integers(1, 20 * 86_400)


def test_a_clock_of_twelve_hours_is_orange_at_twelve_and_red_at_twenty_four() -> None:
    assert instants(START, 12 * HOUR, None) == (
        START + timedelta(hours=9),
        START + timedelta(hours=12),
        START + timedelta(hours=24),
    )


def test_working_time_waits_for_the_opening() -> None:
    night = datetime(2026, 5, 8, 22, tzinfo=UTC)  # Friday 18:00 in New York, until Monday 08:00
    monday = datetime(2026, 5, 11, 12, tzinfo=UTC)
    assert instants(night, 900, OFFICE) == (
        monday + timedelta(seconds=675),
        monday + timedelta(seconds=900),
        monday + timedelta(seconds=1800),
    )


def test_an_instant_belongs_to_the_level_it_starts() -> None:
    turns = instants(START, 12 * HOUR, None)
    expected = [(Level.OK, Level.SOON), (Level.SOON, Level.LATE), (Level.LATE, Level.CRIT)]
    assert [(level(at - SECOND, turns), level(at, turns)) for at in turns] == expected


def test_the_crossings_come_in_order_and_end() -> None:
    turns = instants(START, 12 * HOUR, None)
    assert next_crossing(START, turns) == (turns.warn_at, "due_soon")
    assert next_crossing(turns.warn_at, turns) == (turns.due_at, "overdue")
    assert next_crossing(turns.due_at, turns) == (turns.far_at, "far_overdue")
    assert next_crossing(turns.far_at, turns) is None


def test_the_tenants_own_shares_hold() -> None:
    turns = instants(START, 100, None, ratios=(0.5, 1.0, 3.0))
    assert [(at - START) // SECOND for at in turns] == [50, 100, 300]


def test_a_share_is_whole_seconds_without_the_hair_of_binary_fractions() -> None:
    assert [(at - START) // SECOND for at in instants(START, 100, None, ratios=(0.07, 1.1, 2.2))] == [7, 110, 220]


def test_what_was_used_up_before_is_crossed_from_the_start() -> None:
    turns = instants(START, 4 * HOUR, None, used=5 * HOUR)
    assert turns == (START, START, START + timedelta(hours=3))
    assert level(START, turns) == Level.LATE


def test_levels_sort_by_what_to_jump_on_and_name_their_class() -> None:
    assert [found.css for found in sorted(Level)] == ["none", "crit", "late", "soon", "ok", "hold", "ended"]


@pytest.mark.parametrize(
    ("used", "step"), [(-5, 0), (0, 0), (4, 0), (5, 1), (50, 10), (99, 19), (100, 20), (101, 20), (10**9, 20)]
)
def test_the_marker_reaches_the_end_when_the_time_is_over_not_before(used: int, step: int) -> None:
    assert share_step(used, 100) == step


@pytest.mark.parametrize(
    "wrong", [{"allowed_seconds": 0}, {"used": -1}, {"ratios": (0.0, 1.0, 2.0)}, {"ratios": (0.75, 2.0, 1.0)}]
)
def test_a_clock_that_allows_nothing_or_turns_out_of_order_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        instants(**({"start": START, "allowed_seconds": 100, "hours": None} | wrong))  # type: ignore[arg-type]


def test_a_calendar_that_never_opens_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="closed on every day for two years"):
        instants(START, 900, build_hours("UTC", [[(0, 1440)]] * 7, lambda day: "Closed down"))


@given(starts, allowances, calendars, st.integers(0, 40 * 86_400), st.integers(0, 10**7))
@settings(max_examples=200, deadline=None)
def test_the_level_says_what_the_used_share_says(
    start: datetime, allowed: int, calendar: BusinessHours | None, used: int, later: int
) -> None:
    now = start + timedelta(microseconds=later * 400_000)
    share = used_seconds(start, now, calendar, used) / allowed
    expected = Level.OK - sum(share >= ratio for ratio in RATIOS)
    assert level(now, instants(start, allowed, calendar, used)) == expected


@given(starts, allowances, calendars)
@settings(max_examples=100, deadline=None)
def test_each_instant_has_used_exactly_its_share(start: datetime, allowed: int, calendar: BusinessHours | None) -> None:
    turns = instants(start, allowed, calendar)
    used = [used_seconds(start, at, calendar) for at in turns]
    assert used == [-(-allowed * 3 // 4), allowed, allowed * 2]
    assert all(one <= other for one, other in pairwise(turns))


@given(starts, allowances, calendars, st.integers(0, 30 * 86_400))
@settings(max_examples=200, deadline=None)
def test_a_pause_of_no_length_changes_nothing(
    start: datetime, allowed: int, calendar: BusinessHours | None, ran: int
) -> None:
    pause = start + timedelta(seconds=ran)
    before = instants(start, allowed, calendar)
    after = instants(pause, allowed, calendar, used=used_seconds(start, pause, calendar))
    to_come = [(one, other) for one, other in zip(before, after, strict=True) if one > pause]
    assert all(one == other for one, other in to_come)
    # What is behind already is crossed at the resumption, and the level is the same from there on.
    assert level(pause, after) == level(pause, before)
    assert next_crossing(pause, after) == next_crossing(pause, before)


@given(starts, calendars, st.lists(st.tuples(st.integers(0, 5 * 86_400), st.integers(0, 5 * 86_400)), max_size=6))
@settings(max_examples=100, deadline=None)
def test_what_is_used_between_pauses_adds_up(
    start: datetime, calendar: BusinessHours | None, runs: list[tuple[int, int]]
) -> None:
    used, expected, at = 0, 0, start
    for run, pause in runs:
        end = at + timedelta(seconds=run)
        used, expected = used_seconds(at, end, calendar, used), expected + used_seconds(at, end, calendar)
        at = end + timedelta(seconds=pause)
    assert used == expected
    unpaused = used_seconds(start, at, calendar)
    assert used + sum(_idle(start, calendar, runs)) == unpaused


def _idle(start: datetime, calendar: BusinessHours | None, runs: list[tuple[int, int]]) -> list[int]:
    """What the clock would have counted in each pause."""
    idle, at = [], start
    for run, pause in runs:
        from_, at = at + timedelta(seconds=run), at + timedelta(seconds=run + pause)
        idle.append(used_seconds(from_, at, calendar))
    return idle


def test_instants_unpack_in_order() -> None:
    warn, due, far = Instants(START, START + SECOND, START + 2 * SECOND)
    assert warn < due < far
