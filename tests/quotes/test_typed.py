"""Typed quantities, amounts and percentages."""

import pytest

from crm.kernel.refusal import Refused
from quotes.editor.typed import parse_amount, plain_amount
from quotes.models import Quote
from quotes.typed_numbers import (
    exact_percent,
    parse_percent,
    parse_quantity,
    plain_percent,
    plain_quantity,
    short_percent,
)
from tests.cast import House


@pytest.mark.parametrize(
    ("text", "country", "thousandths"),
    [
        ("28", "US", 28_000),
        ("1.5", "US", 1_500),
        ("1,5", "NL", 1_500),
        ("1,200", "US", 1_200_000),
        ("0.125", "US", 125),
        ("0.125", "NL", 125),
    ],
)
def test_quantities(text: str, country: str, thousandths: int) -> None:
    assert parse_quantity(text, country) == thousandths


@pytest.mark.parametrize("text", ["", "-1", "1.2345", "many", "9999999999", "1e5", "٣"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(Refused):
        parse_quantity(text, "US")


@pytest.mark.parametrize(("text", "ppm"), [("", 0), ("7.5 %", 75_000), ("7,5", 75_000), ("100", 1_000_000)])
def test_percentages(text: str, ppm: int) -> None:
    assert parse_percent(text, "NL") == ppm


@pytest.mark.parametrize("text", ["101", "x", "-5"])
def test_what_is_no_percentage(text: str) -> None:
    with pytest.raises(Refused):
        parse_percent(text, "US")


def test_amounts_are_in_the_currency_of_the_quote(house: House) -> None:
    quote = Quote.create(house.job, by=house.rita)
    assert parse_amount("1,295.50", quote) == 129_550
    with pytest.raises(Refused, match="USD"):
        parse_amount("€ 5", quote)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(9_500, "USD", "95"), (9_550, "USD", "95.50"), (950, "JPY", "950"), (1_500, "KWD", "1.500")],
)
def test_amounts_for_fields(minor: int, currency: str, text: str) -> None:
    assert plain_amount(minor, currency, "US") == text


def test_numbers_for_fields() -> None:
    assert (plain_quantity(1_500, "US"), plain_percent(75_000, "US")) == ("1.5", "7.5")
    assert (short_percent(332_100, "US"), exact_percent(88_750, "US")) == ("33.2%", "8.875%")
