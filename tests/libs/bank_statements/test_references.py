"""Structured references: made, checked, and found in what payers type."""

import pytest

from libs.bank_statements import (
    find_references,
    is_iban,
    make_belgian_reference,
    make_dutch_reference,
    make_rf_reference,
    parse_reference,
    written_reference,
)


def test_an_rf_reference_is_as_in_the_standard() -> None:
    assert make_rf_reference("5390 0754 7034") == "RF18539007547034"
    assert written_reference("RF18539007547034") == "RF18 5390 0754 7034"


def test_a_belgian_reference_is_as_the_banks_have_it() -> None:
    assert make_belgian_reference(108068171) == "010806817183"
    assert written_reference("010806817183") == "+++010/8068/17183+++"


@pytest.mark.parametrize(("number", "reference"), [(234534622567, "12234534622567"), (56789012345, "")])
def test_a_dutch_reference_is_as_in_its_specification(number: int, reference: str) -> None:
    made = make_dutch_reference(number)
    assert made == (reference or made)
    assert parse_reference(made) == made


def test_a_dutch_reference_without_a_length_is_accepted() -> None:
    assert parse_reference("5000 0567 8901 2345") == "5000056789012345"


@pytest.mark.parametrize("number", [1, 9_999_999, 123_456_789_012, 1_234_567_890_123, 999_999_999_999_999])
def test_dutch_references_of_all_lengths_check(number: int) -> None:
    assert parse_reference(make_dutch_reference(number))


@pytest.mark.parametrize(
    "wrong", ["RF19539007547034", "010806817184", "5000056789012346", "", "1234567", "RF", "٣" * 12]
)
def test_a_wrong_reference_is_none(wrong: str) -> None:
    assert parse_reference(wrong) == ""


@pytest.mark.parametrize(
    ("make", "number"),
    [(make_belgian_reference, 0), (make_belgian_reference, 10**10), (make_dutch_reference, 10**15)],
)
def test_a_number_that_does_not_fit_is_refused(make: object, number: int) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="digits"):
        make(number)


@pytest.mark.parametrize("number", ["", "-", "A" * 22])
def test_an_rf_reference_has_1_to_21_letters(number: str) -> None:
    with pytest.raises(ValueError, match="RF"):
        make_rf_reference(number)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Betaling RF18 5390 0754 7034 dank u", ["RF18539007547034"]),
        ("rf18539007547034/RF18539007547034", ["RF18539007547034"]),
        ("+++010/8068/17183+++ facture", ["010806817183"]),
        ("kenmerk 5000056789012345", ["5000056789012345"]),
        ("Invoice 2026-0042 of 26-11-2026", []),
        ("", []),
    ],
)
def test_references_are_found_in_text(text: str, references: list[str]) -> None:
    assert find_references(text)[:1] == references


def test_ibans_are_checked() -> None:
    assert is_iban("NL91 ABNA 0417 1643 00")
    assert not is_iban("NL91 ABNA 0417 1643 01")
