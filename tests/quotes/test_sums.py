"""Sums of lines: discounts, taxes by rate, deposit, options and what the customer takes off."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.sums import (
    Discount,
    SumLine,
    SumRules,
    TaxMode,
    TaxRounding,
    apportion,
    choose_lines,
    least_lines,
    sum_up,
    tax_in,
)

SEVEN = 70_000
DUTCH = 210_000
LOW = 90_000

rates = st.sampled_from([0, SEVEN, LOW, DUTCH])
discounts = st.one_of(
    st.builds(Discount, amount=st.integers(0, 5_000)), st.builds(Discount, ppm=st.integers(0, 1_000_000))
)
rules = st.builds(
    SumRules,
    tax_mode=st.sampled_from(TaxMode.values),
    rounding=st.sampled_from(TaxRounding.values),
    deposit=st.integers(0, 1_000_000),
    discount=discounts,
)


@st.composite
def offers(draw: st.DrawFn) -> list[SumLine]:
    lines = draw(
        st.lists(
            st.builds(
                SumLine,
                key=st.just(0),
                quantity=st.integers(0, 20_000),
                unit_price=st.integers(0, 3_000),
                unit_cost=st.none() | st.integers(0, 2_000),
                tax_rate=rates,
                discount=discounts,
                option=st.sampled_from([None, 1, 2]),
                is_optional=st.booleans(),
            ),
            max_size=7,
        )
    )
    return [replace(line, key=number) for number, line in enumerate(lines)]


def line(key: int, price: int, quantity: int = 1_000, **columns: object) -> SumLine:
    return SumLine(key=key, quantity=quantity, unit_price=price, **columns)  # type: ignore[arg-type]


@given(offers(), rules, st.data())
def test_taking_a_line_off_never_raises_the_total(lines: list[SumLine], terms: SumRules, data: st.DataObject) -> None:
    optional = [one.key for one in lines if one.is_optional]
    before = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    for key in optional:
        more = sum_up(choose_lines(lines, 1, before - {key}), terms)
        less = sum_up(choose_lines(lines, 1, before | {key}), terms)
        assert less.total <= more.total


@given(offers(), rules)
def test_the_least_is_below_every_choice(lines: list[SumLine], terms: SumRules) -> None:
    assert sum_up(least_lines(lines, 2), terms).total <= sum_up(choose_lines(lines, 2), terms).total


@given(offers(), rules)
def test_parts_make_the_whole(lines: list[SumLine], terms: SumRules) -> None:
    chosen = choose_lines(lines, 1)
    sums = sum_up(chosen, terms)
    assert sums.gross - sums.discount == sum(sums.amounts.values())
    assert sums.net == sum(rate.net for rate in sums.taxes)
    assert sums.total == sums.net + sums.tax
    assert 0 <= sums.deposit <= sums.total
    assert sums.discount >= 0


@given(offers(), rules)
def test_taxes_are_those_of_the_chosen_rounding(lines: list[SumLine], terms: SumRules) -> None:
    sums = sum_up(lines, terms)
    for rate in sums.taxes:
        amounts = [sums.amounts[one.key] for one in lines if one.tax_rate == rate.rate]
        whole = tax_in(sum(amounts), rate.rate, terms.tax_mode)
        by_line = sum(tax_in(amount, rate.rate, terms.tax_mode) for amount in amounts)
        assert rate.tax == (by_line if terms.rounding == TaxRounding.LINE else whole)
        assert abs(by_line - whole) <= len(amounts)


def test_tax_rounded_by_line_differs_from_that_of_the_total() -> None:
    lines = [line(key, 105, tax_rate=SEVEN) for key in range(3)]  # 7.35 each, 22.05 together
    assert sum_up(lines, SumRules(rounding=TaxRounding.LINE)).tax == 21
    assert sum_up(lines, SumRules(rounding=TaxRounding.TOTAL)).tax == 22


def test_included_tax_leaves_the_total_as_it_is() -> None:
    sums = sum_up([line(1, 12_100, tax_rate=DUTCH)], SumRules(tax_mode=TaxMode.INCLUDED))
    assert (sums.net, sums.tax, sums.total) == (10_000, 2_100, 12_100)


def test_a_discount_in_per_cent_is_on_each_line() -> None:
    sums = sum_up([line(1, 1_000), line(2, 2_000)], SumRules(discount=Discount(ppm=100_000)))
    assert (sums.discount, sums.amounts) == (300, {1: 900, 2: 1_800})


def test_a_fixed_discount_is_divided_by_the_lines_and_their_taxes() -> None:
    lines = [line(1, 1_000, tax_rate=DUTCH), line(2, 1_000)]
    sums = sum_up(lines, SumRules(discount=Discount(amount=500)))
    assert sums.discount == 500
    assert sums.tax == tax_in(750, DUTCH, TaxMode.ADDED)


def test_no_discount_is_more_than_the_amount() -> None:
    lines = [line(1, 1_000, discount=Discount(amount=5_000)), line(2, 300)]
    assert sum_up(lines, SumRules(discount=Discount(amount=900))).total == 0


def test_an_amount_below_zero_has_no_discount_and_the_tax_of_its_sign() -> None:
    lines = [line(1, 10_000, tax_rate=DUTCH), line(2, 3_000, quantity=-1_000, tax_rate=DUTCH)]
    sums = sum_up(lines, SumRules(rounding=TaxRounding.LINE, discount=Discount(amount=1_000)))
    assert (sums.net, sums.tax) == (6_000, 1_260)


@pytest.mark.parametrize(("price", "rate", "total"), [(1_001, 100_000, 1_101), (1_234_567, 50_000, 1_296_295)])
def test_minor_units_are_whole_whatever_the_currency(price: int, rate: int, total: int) -> None:
    """¥1,001 with 10 % is ¥1,101; 1,234.567 dinar with 5 % are 1,296.295."""
    assert sum_up([line(1, price, tax_rate=rate)], SumRules()).total == total


def test_a_deposit_is_rounded_half_up() -> None:
    assert sum_up([line(1, 1_005)], SumRules(deposit=300_000)).deposit == 302


def test_an_option_has_its_own_lines_and_the_common_ones() -> None:
    lines = [line(1, 100), line(2, 200, option=1), line(3, 300, option=2, is_optional=True)]
    assert [one.key for one in choose_lines(lines, 1)] == [1, 2]
    assert [one.key for one in choose_lines(lines, 2, {3})] == [1]


def test_a_line_that_must_stay_cannot_be_taken_off() -> None:
    assert [one.key for one in choose_lines([line(1, 100)], None, {1})] == [1]


def test_the_margin_is_on_the_net_amount() -> None:
    sums = sum_up([line(1, 1_210, unit_cost=700, tax_rate=DUTCH)], SumRules(tax_mode=TaxMode.INCLUDED))
    assert (sums.margin, sums.margin_ppm, sums.lines_without_cost) == (300, 300_000, 0)


def test_an_unknown_cost_is_counted() -> None:
    assert sum_up([line(1, 100), line(2, 100, unit_cost=60)], SumRules()).lines_without_cost == 1


@given(st.integers(0, 10_000), st.dictionaries(st.integers(0, 9), st.integers(1, 9_000), min_size=1))
def test_parts_sum_to_what_is_divided(total: int, weights: dict[int, int]) -> None:
    assert sum(apportion(total, weights).values()) == total


@pytest.mark.parametrize("columns", [{"amount": -1}, {"ppm": 1_000_001}, {"ppm": -1}, {"amount": 1, "ppm": 1}])
def test_what_is_no_discount_is_refused(columns: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a discount"):
        Discount(**columns)


def test_a_line_is_summed_once() -> None:
    with pytest.raises(ValueError, match="once"):
        sum_up([line(1, 100), line(1, 100)], SumRules())
