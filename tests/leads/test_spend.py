"""What was spent: parts of months, prices per lead, files with their errors in words. No database."""

from datetime import date, timedelta

import pytest

from crm.kernel.days import DayRange
from crm.kernel.refusal import Refused
from leads.sources.report.figures import SourceFigures
from leads.sources.report.period import presets, read
from leads.sources.report.sankey_chart import SankeyNode, draw_sankey
from leads.sources.spending.file import month_of
from leads.sources.spending.proration import Amount, part_of_month, spent_by_month

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize("amount", [0, 1, 99, 310_000, 310_007])
def test_parts_of_a_month_add_up_to_it(amount: int) -> None:
    days = [MARCH + timedelta(days=at) for at in range(31)]
    assert sum(part_of_month(amount, MARCH, DayRange(day, day)) for day in days) == amount
    assert part_of_month(amount, MARCH, DayRange(date(2026, 2, 1), date(2026, 5, 9))) == amount
    assert part_of_month(amount, MARCH, DayRange(APRIL, APRIL)) == 0


def test_a_month_a_price_per_lead_and_a_leads_own_cost() -> None:
    period = DayRange(date(2026, 3, 17), date(2026, 4, 30))
    unpriced, paid = {MARCH: 2, APRIL: 3}, {MARCH: 700, APRIL: 500}
    month, price = Amount(MARCH, False, 31_000), Amount(APRIL, True, 5_000)
    # March is covered by its amount, in which what leads cost is part; April pays by lead, beside their own.
    assert spent_by_month([month, price], period, unpriced=unpriced, paid=paid).total() == 15_000 + 3 * 5_000 + 500
    assert spent_by_month([], period, unpriced=unpriced, paid=paid).total() == 1_200
    assert spent_by_month([], period, unpriced=unpriced, paid=paid, covered=frozenset({MARCH})).total() == 500


@pytest.mark.parametrize(
    ("given", "period"),
    [
        ({"first": "2026-03-01", "last": "2026-03-31"}, DayRange(MARCH, date(2026, 3, 31))),
        ({"period": "30"}, DayRange(date(2026, 4, 13), date(2026, 5, 12))),
        ({"period": "quarter"}, DayRange(APRIL, date(2026, 5, 12))),
        *(
            (wrong, presets(date(2026, 5, 12))["90"])
            for wrong in (
                {"first": "2026-04-01", "last": "2026-03-31"},
                {"first": "0001-01-01", "last": "2026-03-31"},
                {"first": "soon", "last": ""},
                {"period": "aeon"},
            )
        ),
    ],
)
def test_a_period_is_read(given: dict[str, str], period: DayRange) -> None:
    found = read(given, date(2026, 5, 12))[1]
    assert found == period
    assert (found.before.last, found.before.count) == (found.first - timedelta(days=1), found.count)


@pytest.mark.parametrize("text", ["2026-03", "3/2026", "2026-03-01", "03-2026", " 2026.3 "])
def test_a_month_is_read(text: str) -> None:
    assert month_of(text) == MARCH


@pytest.mark.parametrize("text", ["", "March", "2026-13", "1999-01", "202603", "2026-03-01-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="2026-03"):
        month_of(text)


def test_medians_and_reasons_of_parts_become_those_of_the_whole() -> None:
    one, other = SourceFigures(spent=900, won=2, leads=4), SourceFigures(won=1, leads=2)
    one.answers.update({5: 3, 60: 1})
    other.answers.update({90: 2})
    one.reasons[7] = [2, 500]
    other.reasons[9] = [1, 800]
    assert (one.median_minutes, other.median_minutes, SourceFigures().median_minutes) == (5, 90, None)
    one.add(other)
    assert (one.median_minutes, one.per_won, one.mostly, one.leads) == (5, 300, 9, 6)
    assert (SourceFigures().per_won, SourceFigures().mostly, SourceFigures(spent=5).per_won) == (None, None, None)


def test_the_sankey_chart_is_as_high_as_its_shares_even_of_nothing() -> None:
    nodes = [SankeyNode("x", "1", "") for _place in range(6)]
    assert [node.height for node in draw_sankey(nodes, (10, 5, 5, 1)).nodes] == [84, 84, 42, 42, 8.4, 8.4]
    assert {node.height for node in draw_sankey(nodes, (0, 0, 0, 0)).nodes} == {0}
    # Quoted without being counted as qualified before is no negative fall.
    assert len(draw_sankey(nodes, (10, 5, 5, 1)).drops) == 2
