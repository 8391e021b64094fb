"""What the top of the job page says, and the drawing beside it."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from demo.service import second_of_three
from portal.job.amounts import portal_amount
from portal.job.hero import Days, Hero, Work, arrival_words, build_hero
from portal.job.line import LinePlace, LinePoint
from portal.job_page.drawing import roof_paths

TODAY = date(2026, 5, 12)  # a Tuesday
DAYS = Days(TODAY, lambda day: f"in {(day - TODAY).days}", lambda day: day.weekday() < 5)
POINTS = [
    LinePoint("Old roof off", LinePlace.DONE, day=TODAY - timedelta(days=1)),
    LinePoint("Your new roof", LinePlace.NOW, "Expect noise."),
    LinePoint("City inspection", LinePlace.NEXT, day=TODAY + timedelta(days=2)),
]


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


def day(away: int) -> date:
    return TODAY + timedelta(days=away)


def test_it_says_the_day_of_how_many_what_goes_on_and_what_comes() -> None:
    said = build_hero(POINTS, Work(percent=66, starts=day(-1), ends=day(1)), DAYS)
    late = build_hero(POINTS, Work(66, day(-1), day(1), arrival=arrival_words("late", 30)), DAYS)
    told = "Our crew is running about 30 minutes late today. We are sorry."
    assert late.sentences == (told, *said.sentences)
    assert said == Hero(
        "Your new roof",
        "Day 2 of 3",
        ("Expect noise.", "Two thirds are done.", "We finish in 1.", "Next: City inspection, in 2."),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "kicker"),
    [
        (-4, 1, "Day 3 of 4"),  # Friday to Wednesday: the weekend does not count
        (0, 0, "Day 1 of 1"),
        (1, 3, ""),
        (-5, -1, ""),
    ],
)
def test_days_are_counted_that_we_work_on(starts: int, ends: int, kicker: str) -> None:
    assert build_hero(POINTS, Work(starts=day(starts), ends=day(ends)), DAYS).kicker == kicker


def test_work_that_rests_says_why_and_until_when() -> None:
    rain = Work(percent=40, starts=day(-1), ends=day(1), is_held=True, hold_words="rain", hold_until=day(2))
    said = build_hero(POINTS, rain, DAYS)
    assert (said.kicker, said.sentences[0]) == ("The work is on hold", "We have paused: rain.")
    assert "continue in 2" in said.sentences[1]
    assert "as soon as we know" in build_hero(POINTS, Work(is_held=True), DAYS).sentences[0]


def test_before_the_first_step_and_behind_the_last() -> None:
    assert build_hero([], None, DAYS).title == "Your request is in"
    assert build_hero(POINTS, None, DAYS, end="done", thanks="It runs.").sentences == ("It runs.",)
    assert "closed" in build_hero(POINTS, None, DAYS, end="lost").title


@pytest.mark.parametrize(
    ("percent", "words"),
    [(0, ""), (4, "just begun"), (26, "quarter"), (50, "Half"), (60, "60%"), (95, "almost"), (100, "All")],
)
def test_how_much_is_done_is_said_in_words(percent: int, words: str) -> None:
    assert words in portal_amount(percent)
    assert bool(portal_amount(percent)) == bool(words)


def test_the_roof_fills_with_the_percentage() -> None:
    laid = [roof_paths(percent).laid.count("M") for percent in range(101)]
    assert laid == sorted(laid)
    assert laid[0] == 0
    assert not roof_paths(100).bare + roof_paths(100).part
    assert {sum(part.count("M") for part in roof_paths(percent)) for percent in (0, 33, 67, 100)} == {laid[100]}
    assert roof_paths(67).part.count("M") == 1


@pytest.mark.parametrize("away", range(7))
@pytest.mark.parametrize("closed", [(), (6,), (5, 6)])
def test_the_demos_customer_is_on_the_second_day_of_three_whatever_day_it_is(
    away: int, closed: tuple[int, ...]
) -> None:
    today = TODAY + timedelta(days=away)
    days = Days(today, str, lambda one: one.weekday() not in closed)
    worked = second_of_three(today, days.is_open)
    assert build_hero(POINTS, Work(percent=66, starts=worked[0], ends=worked[2]), days).kicker == "Day 2 of 3"
    assert worked[0] < worked[1] <= today < worked[2]
