"""Lines of a quote whose price in the book moved since: what the banner of the editor says."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from crm.kernel import clock
from quotes.prices.models import PriceItem
from quotes.prices.stale import stale_prices
from tests.cast import House

MARCH, MAY, TODAY = date(2026, 3, 2), date(2026, 5, 4), date(2026, 5, 12)


@dataclass(frozen=True)
class Line:
    item_id: int | None
    quantity: int = 28_000
    unit_price: int = 29_500
    unit_cost: int | None = 20_100
    priced_on: date | None = MARCH
    kept_until: date | None = None


@pytest.fixture
def line(house: House) -> Line:
    """Shingles of March, of which cost and price went up in May."""
    shingles = PriceItem.create(name="Architectural shingles", by=house.ada)
    for day, price, cost in ((MARCH, 29_500, 20_100), (MAY, 31_200, 21_400)):
        with clock.at(datetime(day.year, day.month, day.day, 16, tzinfo=UTC)):
            shingles.set_price(price, cost, "USD", by=house.ada)
    return Line(shingles.pk)


def test_a_line_of_an_older_price_says_what_moved_since_when(line: Line) -> None:
    [stale] = stale_prices([line], TODAY, "USD")
    assert (stale.days, stale.book.price, stale.cost_before, stale.book.cost) == (71, 31_200, 20_100, 21_400)
    assert (stale.moved_on, stale.difference, stale.is_below) == (MAY, 47_600, True)


def test_a_line_above_the_book_is_told_from_one_below(line: Line) -> None:
    [stale] = stale_prices([replace(line, unit_price=40_000)], TODAY, "USD")
    assert not stale.is_below
    assert stale.difference < 0


def test_a_line_is_fresh_until_the_book_moves(line: Line) -> None:
    assert not stale_prices([line], date(2026, 5, 3), "USD")


def test_what_is_no_older_price_is_left_out(line: Line) -> None:
    lines = [
        replace(line, item_id=None),
        replace(line, priced_on=None),
        replace(line, priced_on=MAY, unit_price=30_000),
        replace(line, unit_price=31_200, unit_cost=21_400),
        replace(line, kept_until=date(2026, 6, 3)),
    ]
    assert not stale_prices(lines, TODAY, "USD")
    assert not stale_prices([line], TODAY, "EUR")


def test_a_price_is_kept_until_its_day(line: Line) -> None:
    assert stale_prices([replace(line, kept_until=date(2026, 5, 11))], TODAY, "USD")


def test_where_the_cost_stayed_only_the_price_is_told(line: Line) -> None:
    [stale] = stale_prices([replace(line, unit_cost=21_400)], TODAY, "USD")
    assert (stale.cost_before, stale.moved_on) == (None, None)


def test_a_price_that_was_changed_on_the_day_of_the_line_is_told(line: Line) -> None:
    assert [stale.days for stale in stale_prices([replace(line, priced_on=MAY)], MAY, "USD")] == [0]
    assert not stale_prices([replace(line, priced_on=MAY, unit_price=30_000)], MAY, "USD")
