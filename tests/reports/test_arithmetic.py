"""The arithmetic of reports: sums by currency, shares, outlooks, bands, changes; of plain arguments, without rows."""

from datetime import UTC, date, datetime, timedelta
from math import isclose
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.kernel.days import DayRange
from reports.dashboard.response import Response
from reports.dashboard.tiles import _compare_counts, _compare_medians, _compare_shares, _compare_with_goal, _won_share
from reports.figures.sums import Narrowed, Sums
from reports.forecast.demand import expected_demand, is_unsure
from reports.forecast.outlook import LEAST, Outlook, PhaseRecord, WaitingWorth, by_week, outlook
from reports.models.report_mail import next_time, period_of
from reports.past.replay import ReplayFact, standings, stood, turned_within
from reports.periods import before
from reports.unusual.bands import LEAST_WEEKS, UsualBand, poisson_band, usual
from reports.work.capacity import WeekLoad, _sum_loads
from reports.work.steps import StepLine, StepStanding, whose_time
from reports.work.turn_times import shares, turns

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sums(*parts: tuple[int, str, int]) -> Sums:
    made = Sums()
    for part in parts:
        made.add(*part)
    return made


def test_money_of_two_currencies_is_never_summed() -> None:
    made = sums((1, "USD", 500), (2, "EUR", 700), (1, "USD", 100))
    assert (made.count, made.worth) == (4, [("EUR", 700), ("USD", 600)])


def test_what_is_worth_nothing_is_not_named() -> None:
    assert sums((3, "USD", 0)).worth == []


def test_of_as_much_the_currencies_stand_by_name() -> None:
    assert sums((1, "USD", 5), (1, "EUR", 5)).worth == [("EUR", 5), ("USD", 5)]


def test_sums_include_others_and_leave_them_as_they_are() -> None:
    one, other = sums((1, "USD", 5)), sums((2, "USD", 7), (1, "EUR", 1))
    one.include(other)
    assert (one.count, one.worth, other.count, other.worth) == (
        4,
        [("USD", 12), ("EUR", 1)],
        3,
        [("USD", 7), ("EUR", 1)],
    )


@pytest.mark.parametrize(
    ("narrowed", "keeps"),
    [
        ({}, True),
        ({"brands": frozenset({1})}, True),
        ({"brands": frozenset({2})}, False),
        ({"pipelines": frozenset({2})}, True),
        ({"pipelines": frozenset()}, False),
        ({"members": frozenset({None})}, True),
        ({"members": frozenset({3})}, False),
        ({"brands": frozenset({1}), "pipelines": frozenset({9})}, False),
    ],
)
def test_a_figure_is_kept_where_all_that_is_asked_is_so(narrowed: dict[str, Any], keeps: bool) -> None:
    figure: Any = SimpleNamespace(brand_id=1, pipeline_id=2, member_id=None)
    assert Narrowed(**narrowed).keeps(figure) is keeps


def test_a_share_of_which_nothing_is_known_is_one_half() -> None:
    assert (PhaseRecord(0, 0).share, PhaseRecord(0, 0).is_unsure) == (0.5, True)


def test_more_decided_leads_make_a_share_surer() -> None:
    few, many = PhaseRecord(10, 5), PhaseRecord(100, 50)
    assert (few.share, many.share) == (0.5, 0.5)
    assert few.variance > many.variance
    assert [PhaseRecord(decided, 0).is_unsure for decided in (LEAST - 1, LEAST)] == [True, False]


def test_an_outlook_is_the_share_of_what_waits() -> None:
    found = outlook({1: WaitingWorth(2, 1000, 500_000)}, {1: PhaseRecord(98, 49)})
    assert isclose(found.likely, 500)
    assert 0 <= found.low < 500 < found.high <= 1000


def test_no_more_comes_than_waits_and_no_less_than_nothing() -> None:
    found = outlook({1: WaitingWorth(1, 1000, 1_000_000)}, {1: PhaseRecord(2, 1)})
    assert (found.low, found.high) == (0, 1000)


def test_a_phase_with_few_decided_leads_is_unsure_where_something_waits() -> None:
    waiting = {1: WaitingWorth(1, 1000, 1_000_000), 2: WaitingWorth(1, 0, 0), 3: WaitingWorth(1, 10, 100)}
    assert outlook(waiting, {1: PhaseRecord(LEAST, 9), 2: PhaseRecord(1, 1), 3: PhaseRecord(1, 1)}).unsure == (3,)


def test_nothing_that_waits_brings_nothing_for_sure() -> None:
    assert outlook({}, {}) == Outlook(0, 0, 0, ())


def test_leads_are_due_in_the_week_half_of_those_before_were_won() -> None:
    waiting = {1: WaitingWorth(1, 100, 10_000), 2: WaitingWorth(1, 100, 10_000)}
    found = by_week(waiting, {1: PhaseRecord(98, 49, days=7), 2: PhaseRecord(98, 49, days=7.5)}, 3)
    assert [round(week.likely) for week in found] == [50, 100, 100]


def test_leads_whose_time_is_not_known_are_due_in_no_week() -> None:
    assert [week.likely for week in by_week({1: WaitingWorth(1, 100, 10_000)}, {1: PhaseRecord(98, 49)}, 2)] == [0, 0]


def test_the_next_weeks_bring_what_the_last_ones_did() -> None:
    found = expected_demand([10, 10, 10, 10], 2)
    assert found.likely == 20
    assert found.low < 20 < found.high


def test_weeks_that_differ_more_than_chance_make_a_wider_guess() -> None:
    calm, wild = expected_demand([10, 10, 10, 10], 1), expected_demand([0, 20, 0, 20], 1)
    assert calm.likely == wild.likely
    assert wild.high - wild.low > calm.high - calm.low


def test_fewer_than_nothing_never_come() -> None:
    assert expected_demand([], 4) == (0, 0, 0)
    assert expected_demand([0, 0, 1, 0], 1).low == 0


@pytest.mark.parametrize(
    ("weeks", "unsure"), [([5, 5, 5], True), ([5, 5, 5, 5], False), ([5, 5, 5, 4], True), ([], True)]
)
def test_few_weeks_or_few_leads_say_little(weeks: list[int], unsure: bool) -> None:
    assert is_unsure(weeks) is unsure


def test_too_few_weeks_say_nothing_of_what_is_usual() -> None:
    assert usual([3] * (LEAST_WEEKS - 1)) is None
    assert usual([3] * LEAST_WEEKS) is not None


def test_one_odd_day_does_not_hide_the_next() -> None:
    assert usual([3, 3, 3, 3, 3, 3, 3, 90]) == usual([3] * 8)


def test_of_much_the_spread_is_measured() -> None:
    band = usual([100, 102, 98, 101, 99, 100, 103, 97])
    assert band is not None
    assert 60 < band.low < 75
    assert 125 < band.high < 140


def test_of_what_never_comes_one_is_usual() -> None:
    band = usual([0] * 8)
    assert band is not None
    assert (band.low, band.high >= 1) == (0, True)


def test_a_band_grows_with_its_mean() -> None:
    bands = [poisson_band(mean) for mean in (0.5, 5, 20)]
    assert [band.low for band in bands] == sorted(band.low for band in bands)
    assert bands[0].high < bands[1].high < bands[2].high


@pytest.mark.parametrize(("count", "weight"), [(5, 0), (10, 0), (15, 1), (0, 1), (3, 0.4)])
def test_how_far_outside_a_number_is(count: int, weight: float) -> None:
    assert UsualBand(5, 10).weight(count) == weight


def test_a_band_of_one_number_has_a_width() -> None:
    assert UsualBand(2, 2).weight(5) == 3


@pytest.mark.parametrize(
    ("now", "past", "words", "css"),
    [
        (15, 10, "50% more than before", "is-good"),
        (5, 10, "50% fewer than before", "is-bad"),
        (10, 10, "same as before", ""),
        (1001, 1000, "same as before", ""),
        (3, 0, "none in the previous period", ""),
        (0, 0, "", ""),
    ],
)
def test_more_or_fewer_than_before(now: int, past: int, words: str, css: str) -> None:
    assert _compare_counts(now, past) == (words, css)


@pytest.mark.parametrize(
    ("now", "past", "words", "css"),
    [
        (60, 50, "10 points more than before", "is-good"),
        (40, 50, "10 points fewer than before", "is-bad"),
        (50, 50, "same as before", ""),
        (None, 50, "", ""),
        (50, None, "", ""),
    ],
)
def test_a_share_is_compared_in_points(now: int | None, past: int | None, words: str, css: str) -> None:
    assert _compare_shares(now, past) == (words, css)


@pytest.mark.parametrize(("won", "lost", "share"), [(1, 2, 33), (0, 3, 0), (2, 0, 100), (0, 0, None)])
def test_of_nothing_decided_there_is_no_share(won: int, lost: int, share: int | None) -> None:
    assert _won_share(Sums(won), Sums(lost)) == share


def test_slower_is_worse() -> None:
    fast, slow = Response(contacted=1, median=60.0), Response(contacted=1, median=600.0)
    assert (_compare_medians(slow, fast)[1], _compare_medians(fast, slow)[1], _compare_medians(Response(), slow)) == (
        "is-bad",
        "is-good",
        ("", ""),
    )


@pytest.mark.parametrize(("in_time", "css"), [(9, "is-good"), (8, "is-bad")])
def test_nine_of_ten_in_time_is_the_goal(in_time: int, css: str) -> None:
    assert _compare_with_goal(Response(contacted=10, in_time=in_time))[1] == css
    assert _compare_with_goal(Response()) == ("", "")


def test_a_crew_has_the_hours_of_its_members() -> None:
    weeks = [[WeekLoad(1, 10), WeekLoad(2, 20)], [WeekLoad(3, 30), WeekLoad(4, 40)]]
    assert _sum_loads(weeks, [0, 5]) == [WeekLoad(4, 40, 0), WeekLoad(6, 60, 5)]
    assert _sum_loads([], [2]) == [WeekLoad(0, 0, 2)]


def line(median: int | None = 100, was: int | None = 80, standing: int = 3, **turns: tuple[int, int]) -> StepLine:
    here = StepStanding()
    here.sides["us"] = standing
    stage: Any = SimpleNamespace(name="New")
    return StepLine(stage, "Roofs", "uid", 4, median, 200, was, here, turns, {})


@pytest.mark.parametrize(
    ("median", "was", "trend"), [(100, 80, 25), (60, 80, -25), (None, 80, None), (100, None, None), (100, 0, None)]
)
def test_a_step_against_before(median: int | None, was: int | None, trend: int | None) -> None:
    assert line(median, was).trend == trend


def test_what_holds_up_most_is_slow_and_full() -> None:
    assert (line(100, standing=3).weight, line(None).weight, line(standing=0).weight) == (300, 0, 0)


def test_whose_time_it_was_over_all_steps() -> None:
    found = whose_time([line(us=(10, 1)), line(us=(5, 1), customer=(15, 2))])
    assert (found, shares(found)) == ({"us": 15, "customer": 15}, {"us": 50, "customer": 50})


def test_a_turn_of_no_time_is_none() -> None:
    facts = [ReplayFact("turned", NOON, {"side": "customer"}), ReplayFact("turned", NOON, {"side": "us"})]
    assert turns(NOON, NOON + HOUR, facts) == [("us", 3600)]


def test_a_job_begins_as_our_move() -> None:
    assert (stood(NOON, []).side, stood(NOON, []).started_at) == ("us", NOON)


def test_a_pause_keeps_what_ran_before_it() -> None:
    facts = [ReplayFact("paused", NOON + HOUR, {"until": "2026-03-05T12:00:00+00:00"})]
    here = stood(NOON, facts)
    assert (here.paused_at, here.runs) == (NOON + HOUR, ((NOON, NOON + HOUR),))
    assert here.pause_ends_at == datetime(2026, 3, 5, 12, tzinfo=UTC)
    resumed = stood(NOON, [*facts, ReplayFact("resumed", NOON + 3 * HOUR, {})])
    assert (resumed.paused_at, resumed.started_at, resumed.pause_ends_at) == (None, NOON + 3 * HOUR, None)


def test_to_go_on_without_a_pause_is_nothing() -> None:
    assert stood(NOON, [ReplayFact("resumed", NOON + HOUR, {})]) == stood(NOON, [])


def test_who_writes_while_it_is_their_move_hands_it_to_us() -> None:
    facts = [ReplayFact("turned", NOON, {"side": "customer"}), ReplayFact("heard", NOON + HOUR, {"channel": "sms"})]
    here = stood(NOON, facts)
    assert (here.side, here.started_at, here.waiting_since, here.unread) == ("us", NOON + HOUR, NOON + HOUR, 1)


def test_who_writes_during_a_pause_ends_none() -> None:
    facts = [ReplayFact("paused", NOON, {}), ReplayFact("heard", NOON + HOUR, {"channel": "sms"})]
    assert (stood(NOON, facts).paused_at, stood(NOON, facts).unread) == (NOON, 1)


@pytest.mark.parametrize(("outcome", "waits"), [("reached", False), ("sent", False), ("no_answer", True)])
def test_a_call_nobody_took_answers_nothing(outcome: str, waits: bool) -> None:
    facts = [ReplayFact("heard", NOON, {"channel": "sms"}), ReplayFact("contacted", NOON + HOUR, {"outcome": outcome})]
    here = stood(NOON, facts)
    assert (here.waiting_since is not None, here.touched_at) == (waits, NOON + HOUR)


def test_what_was_taken_back_is_as_before_it() -> None:
    facts = [ReplayFact("turned", NOON, {"side": "customer"}), ReplayFact("undone", NOON + HOUR, {"of": "job.turned"})]
    assert stood(NOON, facts).side == "us"


def test_taking_back_what_was_not_done_is_nothing() -> None:
    assert stood(NOON, [ReplayFact("undone", NOON, {"of": "job.paused"})]) == stood(NOON, [])


def test_before_the_step_messages_count_and_turns_do_not() -> None:
    facts = [
        ReplayFact("turned", NOON - HOUR, {"side": "customer"}),
        ReplayFact("heard", NOON - HOUR, {"channel": "sms"}),
    ]
    here = stood(NOON, facts)
    assert (here.side, here.started_at, here.unread) == ("us", NOON, 1)


def test_each_instant_is_told_with_how_it_stood() -> None:
    facts = [
        ReplayFact("turned", NOON + HOUR, {"side": "customer"}),
        ReplayFact("turned", NOON + 2 * HOUR, {"side": "us"}),
    ]
    assert [(at, here.side) for at, here in standings(NOON, facts)] == [
        (NOON, "us"),
        (NOON + HOUR, "customer"),
        (NOON + 2 * HOUR, "us"),
    ]


@pytest.mark.parametrize(
    ("hours", "kind", "within"),
    [(0, "turned", True), (3, "turned", True), (4, "turned", False), (-1, "turned", False), (1, "paused", False)],
)
def test_whether_it_became_their_move_within_a_stay(hours: int, kind: str, within: bool) -> None:
    facts = [ReplayFact(kind, NOON + hours * HOUR, {"side": "customer"})]
    assert turned_within(facts, NOON, NOON + 4 * HOUR) is within


def test_a_stay_that_goes_on_has_no_end() -> None:
    facts = [ReplayFact("answered", NOON + 400 * HOUR, {"side": "customer"})]
    assert turned_within(facts, NOON, None)


@pytest.mark.parametrize("day", [0, 8])
def test_a_day_that_no_week_has_is_a_mistake(day: int) -> None:
    with pytest.raises(ValueError, match="no day"):
        next_time("week", day, 7, ZoneInfo("UTC"), NOON)


@pytest.mark.parametrize(
    ("rhythm", "first", "last"),
    [
        ("week", date(2026, 2, 23), date(2026, 3, 1)),
        ("month", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_report_is_about_what_is_over(rhythm: str, first: date, last: date) -> None:
    assert period_of(rhythm, date(2026, 3, 2)) == DayRange(first, last)


@pytest.mark.parametrize(
    ("first", "last", "earlier"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), DayRange(date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 1), date(2026, 3, 31), DayRange(date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 2), date(2026, 3, 4), DayRange(date(2026, 2, 27), date(2026, 3, 1))),
    ],
)
def test_the_period_before_is_of_the_same_kind(first: date, last: date, earlier: DayRange) -> None:
    assert before(DayRange(first, last)) == earlier
