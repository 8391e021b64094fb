"""Files that whoever opens them can trust: text stays text, and comes back as it went out."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from crm.platform.files.sheet_writer import escape_formula, write_csv, write_xlsx

HEADINGS = ["Name", "Value", "When", "On"]


def written(writer: object, *rows: list[object]) -> io.BytesIO:
    file = io.BytesIO()
    writer(file, HEADINGS, rows)  # type: ignore[operator]
    file.seek(0)
    return file


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd|x", "-2+3+cmd|x", "@SUM(A1)", "\t=1", "\r=1", "=1+1"])
def test_a_formula_is_made_text(text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    assert next(csv.reader(io.StringIO(written(write_csv, [text, 1, None, None]).read().decode("utf-8-sig"))))
    sheet = load_workbook(written(write_xlsx, [text, 1, None, None])).active
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("text", ["-5", "+33 1 42 68 53 00", "+31201234567", "-1.234,50", "O'Brien", "", "a=b"])
def test_what_calculates_nothing_stays_what_it_is(text: str) -> None:
    assert escape_formula(text) == text


@given(st.text(max_size=20))
def test_the_guard_can_always_be_taken_off_again(text: str) -> None:
    out = escape_formula(text)
    assert out[:1] not in ("=", "@", "\t", "\r")
    assert (out[1:] if out != text else out) == text


def test_values_are_readable_in_both_forms() -> None:
    row = ["Zoë Ünal", Decimal("1234.50"), datetime(2026, 11, 21, 14, 5, tzinfo=UTC), date(2026, 11, 22)]
    text = written(write_csv, row).read()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines()[1] == "Zoë Ünal,1234.50,2026-11-21 14:05,2026-11-22"
    sheet = load_workbook(written(write_xlsx, row)).active
    name, value, when, on = [cell.value for cell in sheet[2]]
    assert (name, value) == (row[0], 1234.5)
    assert (when.isoformat(), on.isoformat()) == ("2026-11-21T14:05:00", "2026-11-22T00:00:00")


def test_signs_a_sheet_refuses_are_left_out() -> None:
    assert load_workbook(written(write_xlsx, ["a\x00b\x0bc", 1, None, None])).active["A2"].value == "abc"
    assert b"\0" not in written(write_csv, ["a\0b", 1, None, None]).read()
