"""MT940 of Dutch and German banks becomes the same lines."""

from datetime import date

import pytest

from libs.bank_statements import UnreadableStatement, read_statements
from tests.libs.bank_statements.files import DUTCH_MT940, GERMAN_MT940
from tests.libs.bank_statements.test_camt import refusal


def test_a_dutch_line() -> None:
    (statement,) = read_statements(DUTCH_MT940)
    line = statement.lines[0]
    assert (line.account, line.amount, line.currency) == ("NL91ABNA0417164300", 460433, "EUR")
    assert (line.booked_on, line.valued_on) == (date(2026, 11, 26), date(2026, 11, 27))
    assert (line.counterparty, line.counterparty_account) == ("Mia de Vries", "NL69INGB0123456789")
    assert (line.reference, line.end_to_end_id, line.bank_reference) == ("5000056789012345", "E2E-42", "261126X1")


def test_a_dutch_line_without_names() -> None:
    (statement,) = read_statements(DUTCH_MT940)
    assert (statement.lines[1].amount, statement.lines[1].text) == (-1250, "Bank fee november second line")
    assert (statement.number, statement.difference) == ("236/1", 0)


def test_a_german_line() -> None:
    (statement,) = read_statements(GERMAN_MT940)
    line = statement.lines[0]
    assert (line.account, line.amount, line.counterparty) == ("0648489890", 50000, "Max Müstermann")
    assert (line.counterparty_account, line.text) == ("DE89370400440532013000", "Rechnung 2026-0042")
    assert line.end_to_end_id == "ABC-1"


def test_the_reversal_of_a_credit_goes_out() -> None:
    (statement,) = read_statements(GERMAN_MT940)
    assert (statement.lines[1].amount, statement.lines[1].is_reversal) == (-2000, True)
    assert statement.difference == 0


def test_several_statements_in_a_file() -> None:
    assert len(read_statements(DUTCH_MT940 + GERMAN_MT940)) == 2


def test_lines_may_end_as_on_windows() -> None:
    assert read_statements(DUTCH_MT940.replace(b"\n", b"\r\n")) == read_statements(DUTCH_MT940)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" \n", "The file is empty."),
        (b"date;amount\n1;2\n", "This isn’t a bank statement. Download it from your bank as CAMT.053 (XML) or MT940."),
        (
            DUTCH_MT940.replace(b":61:2611271126C", b":61:269971126C"),
            "The file looks like MT940, but a line of it can’t be read.",
        ),
        (
            DUTCH_MT940.replace(b"Bank fee", b"x" * 6000),
            "The file isn’t MT940 as banks write it: a field is far too long.",
        ),
        (DUTCH_MT940.replace(b"NL91ABNA0417164300 EUR", b""), "A statement of the file names no account."),
        (DUTCH_MT940.replace(b"12,5N", b"12,555N"), "-12.555 isn’t an amount in EUR."),
    ],
)
def test_a_bad_file_is_refused(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(UnreadableStatement):
        read_statements(b":20:" + b"x" * 30_000_001)
