"""Whole numbers as forms and addresses write them: read within bounds, and nothing else."""

import pytest

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import LARGEST, parse_typed_number, read_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), (" 12\n", 12), ("007", 7), (str(LARGEST), LARGEST)])
def test_a_number_is_read(text: str, number: int) -> None:
    assert read_number(text) == parse_typed_number(text, "No.") == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "²", "٣", "-1", "+1", "1.0", "1_000", "1 000", "0x1", "one", "1\0", "9" * 5000, str(LARGEST + 1)],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_number_is_none_in_an_address_and_refused_in_a_form(text: str) -> None:
    assert read_number(text) is None
    with pytest.raises(Refused, match="No\\."):
        parse_typed_number(text, "No.")


def test_nothing_sent_is_no_number() -> None:
    assert read_number(None) is None


@pytest.mark.parametrize(
    ("text", "is_within"), [("0", False), ("1", True), ("99", True), ("100", False), ("00100", False)]
)
def test_bounds_are_of_the_number_and_not_of_its_digits(text: str, is_within: bool) -> None:
    assert (read_number(text, least=1, most=99) is not None) is is_within
