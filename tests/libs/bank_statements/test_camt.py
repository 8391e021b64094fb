"""CAMT.053 of every version becomes lines; what isn't final or is hostile is refused with a sentence."""

from datetime import date

import pytest

from libs.bank_statements import UnreadableStatement, read_statements
from tests.libs.bank_statements.files import BATCH, FEE, PENDING, camt, incoming


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableStatement) as raised:
        read_statements(content)
    return raised.value.sentence


@pytest.mark.parametrize("version", ["02", "08"])
def test_an_incoming_line_has_all_that_matching_needs(version: str) -> None:
    (statement,) = read_statements(camt(incoming(version), FEE, version=version))
    line = statement.lines[0]
    assert (line.account, line.amount, line.currency) == ("NL91ABNA0417164300", 460433, "EUR")
    assert (line.booked_on, line.valued_on) == (date(2026, 11, 26), date(2026, 11, 27))
    assert (line.counterparty, line.counterparty_account) == ("Mia de Vries", "NL69INGB0123456789")
    assert (line.text, line.reference) == ("Invoice 2026-0042", "RF18539007547034")
    assert (line.end_to_end_id, line.bank_reference) == ("E2E-42", "B-1")


def test_what_goes_out_is_negative_and_the_balances_add_up() -> None:
    (statement,) = read_statements(camt(incoming(), FEE))
    assert (statement.lines[1].amount, statement.lines[1].text) == (-1250, "Bank fee")
    assert (statement.number, statement.currency, statement.difference) == ("236", "EUR", 0)


def test_a_line_that_is_missing_shows_as_a_difference() -> None:
    (statement,) = read_statements(camt(incoming()))
    assert statement.difference == -1250


def test_what_is_only_pending_is_left_out() -> None:
    (statement,) = read_statements(camt(PENDING))
    assert statement.lines == ()


def test_a_batch_becomes_its_transactions() -> None:
    (statement,) = read_statements(camt(BATCH % {"total": "150.00"}))
    assert [(line.amount, line.end_to_end_id) for line in statement.lines] == [(10000, "A"), (5000, "")]


def test_a_batch_whose_parts_do_not_add_up_stays_whole() -> None:
    (statement,) = read_statements(camt(BATCH % {"total": "151.00"}))
    assert [line.amount for line in statement.lines] == [15100]


def test_the_same_line_has_the_same_key_in_another_file() -> None:
    first = read_statements(camt(incoming(), FEE))[0].lines[1]
    again = read_statements(camt(FEE))[0].lines[0]
    assert first.key == again.key


def test_two_equal_lines_have_two_keys() -> None:
    lines = read_statements(camt(FEE, FEE))[0].lines
    assert lines[0].key != lines[1].key


def test_what_is_not_final_is_refused() -> None:
    content = camt(FEE).replace(b"camt.053", b"camt.052")
    assert refusal(content) == "This is CAMT.052, which isn’t final. Download the statement as CAMT.053."


def test_other_xml_is_no_statement() -> None:
    assert refusal(b"<html/>").startswith("This isn’t a bank statement.")


def test_damaged_xml_says_so() -> None:
    assert refusal(camt(FEE)[:-20]) == "The file is XML, but damaged. Download it again."


def test_definitions_are_not_read() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + camt(FEE).partition(b"?>")[2].strip()
    assert refusal(b'<?xml version="1.0"?>' + bomb) == (
        "The file contains definitions that no bank writes. It was not read."
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (">12.50<", ">12.505<", "12.505 isn’t an amount in EUR."),
        (">12.50<", ">twelve<", "A line of the file has no amount."),
        (">12.50<", ">1e30<", "1E+30 isn’t an amount in EUR."),
        (">12.50<", ">NaN<", "A line of the file has no amount."),
        ("2026-11-26T", "2026-13-26T", "“2026-13-26T23:10:00+01:00” isn’t a date."),
        ("BookgDt", "OtherDt", "A line of the file has no date."),
        ("IBAN>", "Nothing>", "A statement of the file names no account."),
    ],
)
def test_a_wrong_value_is_told(old: str, new: str, sentence: str) -> None:
    assert refusal(camt(FEE.replace(old, new)).replace(b"IBAN>" if old == "IBAN>" else b"\0", new.encode())) == sentence
