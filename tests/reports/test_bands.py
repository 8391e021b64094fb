"""What is usual for a weekday, and what open leads will likely bring: plain arithmetic."""

from random import Random

import pytest

from reports.forecast.demand import expected_demand, is_unsure
from reports.forecast.outlook import PhaseRecord, WaitingWorth, by_week, outlook
from reports.unusual.bands import UsualBand, poisson_band, usual


@pytest.mark.parametrize(
    ("history", "count", "is_odd"),
    [
        ([4, 5, 3, 6, 4, 5, 4, 3], 9, False),  # small counts vary by chance alone
        ([4, 5, 3, 6, 4, 5, 4, 3], 16, True),
        ([4, 5, 3, 6, 4, 5, 4, 3], 0, False),
        ([14, 15, 13, 16, 14, 15, 14, 13], 2, True),
        ([0, 0, 0, 0, 0, 1, 0, 0], 1, False),  # of nothing, one is not yet news
        ([0, 0, 0, 0, 0, 1, 0, 0], 6, True),
        ([39, 41, 38, 40, 37, 42, 39, 40], 23, False),
        ([139, 141, 138, 140, 137, 142, 139, 140], 83, True),
        ([139, 141, 138, 140, 137, 142, 139, 900], 83, True),  # one odd day widens nothing
        ([100, 180, 60, 140, 220, 90, 160, 120], 250, False),  # what swings much may swing
    ],
)
def test_a_number_is_unusual_outside_of_what_its_weekday_brings(history: list[int], count: int, is_odd: bool) -> None:
    band = usual(history)
    assert band
    assert (band.weight(count) > 0) is is_odd
    assert usual(history[:3]) is None, "three weeks say nothing"


def test_ordinary_weeks_bring_fewer_than_eight_alerts() -> None:
    """Six numbers a day, of which each is what its weekday brings by chance, over a year."""
    random, alerts, weeks = Random(14), 0, 52
    for mean in (0.5, 2, 6, 12, 40, 150):
        for _weekday in range(7):
            days = [round(max(0, random.gauss(mean, mean**0.5))) for _ in range(weeks + 8)]
            for at in range(8, len(days)):
                band = usual(days[at - 8 : at])
                alerts += bool(band and band.weight(days[at]))
    assert alerts / weeks < 4
    assert poisson_band(3.0) == UsualBand(0, 10)


def test_what_is_to_come_holds_in_four_of_five_cases_and_says_when_it_is_unsure() -> None:
    random = Random(3)

    def week() -> int:
        return sum(random.random() < 0.1 for _ in range(120))

    inside = 0
    for _ in range(500):
        found = expected_demand([week() for _ in range(8)], 4)
        inside += found.low <= sum(week() for _ in range(4)) <= found.high
    assert 0.76 < inside / 500 < 0.94
    even, uneven = expected_demand([12] * 8, 4), expected_demand([2, 24, 8, 14, 1, 30, 5, 12], 4)
    assert even.likely == uneven.likely == 48
    assert uneven.high - uneven.low > 1.5 * (even.high - even.low)
    assert expected_demand([0] * 8, 4) == (0, 0, 0)
    assert [is_unsure(weeks) for weeks in ([12] * 8, [12] * 3, [2] * 8)] == [False, True, True]


def test_an_outlook_has_the_true_value_in_four_of_five_cases_and_says_when_it_is_unsure() -> None:
    known = {1: PhaseRecord(200, 40, 40.0), 2: PhaseRecord(100, 60, 9.0)}
    waiting = {1: WaitingWorth(50, 50 * 1000.0, 50 * 1000.0**2), 2: WaitingWorth(20, 20 * 1000.0, 20 * 1000.0**2)}
    found = outlook(waiting, known)
    assert found.low < found.likely < found.high
    assert not found.is_unsure
    random = Random(7)
    inside = 0
    for _ in range(500):
        won = sum(random.random() < 0.2 for _ in range(50)) + sum(random.random() < 0.6 for _ in range(20))
        inside += found.low <= won * 1000 <= found.high
    assert 0.74 < inside / 500 < 0.95
    few = outlook(waiting, {1: PhaseRecord(200, 40), 2: PhaseRecord(3, 2)})
    assert few.unsure == (2,)
    assert few.high - few.low > found.high - found.low
    assert outlook({}, known) == outlook({1: WaitingWorth(0, 0, 0)}, {})
    weeks = by_week(waiting, known, 8)
    assert [week.likely for week in weeks[:1]] == [0]
    assert 0 < weeks[1].likely == weeks[4].likely < weeks[5].likely == pytest.approx(found.likely)
