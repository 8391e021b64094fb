"""Amounts are whole minor units: parts add up to their whole, and halves are rounded away from zero."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.amounts import line_total, round_half_up, share, share_within, split
from crm.kernel.formats import money

amounts = st.integers(-(10**13), 10**13)
rates = st.integers(0, 1_000_000)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(amounts, st.integers(1, 10**7))
def test_a_quotient_is_rounded_as_decimals_round_halves_up(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    assert round_half_up(numerator, denominator) == exact


@given(amounts, st.integers(1, 10**7))
def test_a_credit_mirrors_its_invoice(numerator: int, denominator: int) -> None:
    assert round_half_up(-numerator, denominator) == -round_half_up(numerator, denominator)


def test_a_denominator_is_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        round_half_up(1, 0)


@given(amounts, weights)
def test_the_parts_add_up_to_the_whole(minor: int, by: list[int]) -> None:
    assert sum(split(minor, by)) == minor


@given(amounts, weights)
def test_no_part_is_a_unit_away_from_its_share(minor: int, by: list[int]) -> None:
    total = sum(by) or len(by)
    shares = by if any(by) else [1] * len(by)
    assert all(
        abs(part * total - minor * weight) < total for part, weight in zip(split(minor, by), shares, strict=True)
    )


def test_what_is_left_goes_to_the_largest_remainders() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(100, [1, 2, 3]) == [17, 33, 50]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(5, [0, 0]) == [3, 2]


@pytest.mark.parametrize("by", [[], [1, -1]])
def test_weights_are_zero_or_more(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(1, by)


@given(st.integers(0, 10**13), rates)
def test_the_tax_in_a_price_is_the_tax_that_was_added(net: int, rate: int) -> None:
    tax = share(net, rate)
    assert share_within(net + tax, rate) == tax


def test_a_share_and_a_line_round_halves_up() -> None:
    assert share(50, 210_000) == 11  # 10.5
    assert line_total(500, 1) == 1  # 0.5
    assert line_total(2_500, 19_900) == 49_750


@pytest.mark.parametrize(
    ("currency", "minor", "tax", "words"),
    [("JPY", 12_345, 1_235, "¥13,580"), ("KWD", 12_345, 1_235, "KWD 13.580"), ("EUR", 12_345, 1_235, "€135.80")],
)
def test_the_unit_is_the_smallest_of_the_currency(currency: str, minor: int, tax: int, words: str) -> None:
    assert get_currency_precision(currency) == {"JPY": 0, "KWD": 3, "EUR": 2}[currency]
    assert share(minor, 100_000) == tax
    assert money(minor + tax, currency, "US", "en").replace("\xa0", " ") == words
